/** A command line in this process: what it printed, and how it ended. */
import { Readable, Writable } from 'node:stream';
import { run } from '../../cli/run.ts';
import type { Environment } from '../../lib/config.ts';

export type Ended = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

/**
 * @param environment in place of this process's: nothing of it is read
 * @param typed what someone at the terminal types; without it, nobody is there
 */
export async function runCommand(
  argv: readonly string[],
  environment: Environment = {},
  typed?: string | AsyncIterable<string>,
): Promise<Ended> {
  const stdout = capture();
  const stderr = capture();
  const stdin = Object.assign(Readable.from(typeof typed === 'string' ? [typed] : (typed ?? [])), {
    isTTY: typed !== undefined,
  });
  const exitCode = await run(argv, {
    stdin,
    stdout: stdout.stream,
    stderr: Object.assign(stderr.stream, { isTTY: typed !== undefined }),
    environment,
  });
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

function capture() {
  let text = '';
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      text += chunk;
      done();
    },
  });
  return { stream, text: () => text };
}
