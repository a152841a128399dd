/**
 * An `npm start` of a test's own, in a process of its own: its ports, its table. Ended by its process id.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findFreePort } from '../../local/ports.ts';

export type NpmStart = {
  /** Of the API. */
  readonly url: string;
  readonly aircallUrl: string;
  /** Runs `call-router …words --local`. @returns what it printed; rejects where it does not end with 0 */
  readonly runCli: (...words: readonly string[]) => Promise<string>;
  /** Whether a ring timer waits, or is being handled. */
  readonly hasTimers: () => Promise<boolean>;
  readonly close: () => Promise<void>;
};

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * @param folder where it keeps its table
 * @param policy in force before the first call: what a running container knows of one lasts for half a minute
 */
export async function npmStart(folder: string, policy?: object): Promise<NpmStart> {
  const env = { ...process.env, CALL_ROUTER_LOCAL_FOLDER: folder };
  const port = await findFreePort();
  const start = spawn(process.execPath, ['local/start.ts', '--port', String(port)], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    start.once('exit', () => reject(new Error('npm start ended')));
    start.stdout.on('data', (chunk) => {
      if (String(chunk).includes('The router runs on')) resolve();
    });
  });

  async function runCli(...words: readonly string[]): Promise<string> {
    const argv = ['cli/call-router.ts', ...words, '--local'];
    const { stdout } = await promisify(execFile)(process.execPath, argv, { cwd: root, env });
    return stdout;
  }
  if (policy !== undefined) {
    const policyFile = join(folder, 'policy.json');
    writeFileSync(policyFile, JSON.stringify(policy));
    await runCli('policy', 'put', policyFile, '--yes');
  }

  const { environment } = JSON.parse(readFileSync(join(folder, 'stack.json'), 'utf8'));
  const queueName = environment.RING_TIMERS_QUEUE_URL.split('/').at(-1);

  return {
    url: `http://localhost:${port}`,
    aircallUrl: environment.AIRCALL_API_URL,
    runCli,
    async hasTimers() {
      const answer = await fetch(`${environment.AWS_ENDPOINT_URL_SQS}/_fauxqs/queues/${queueName}`);
      const { messages } = (await answer.json()) as { messages: Record<string, readonly unknown[]> };
      return Object.values(messages).some((some) => some.length > 0);
    },
    async close() {
      const exited = once(start, 'exit');
      start.kill('SIGINT');
      await exited;
    },
  };
}
