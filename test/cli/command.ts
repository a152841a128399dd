/** A command line in this process: what it printed, and how it ended. */
import { Writable } from 'node:stream';
import { run } from '../../cli/run.ts';
import type { Environment } from '../../lib/config.ts';

export type Ended = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

/** @param environment in place of this process's: nothing of it is read */
export async function runCommand(argv: readonly string[], environment: Environment = {}): Promise<Ended> {
  const stdout = capture();
  const stderr = capture();
  const exitCode = await run(argv, { stdout: stdout.stream, stderr: stderr.stream, environment });
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
