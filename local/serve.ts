/**
 * API Gateway's part, by serverless-offline, in a process of its own.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type ServeOptions = {
  /** What the functions read from theirs. */
  readonly environment: Readonly<Record<string, string>>;
  readonly port: number;
  /** Where functions are invoked, as by Lambda's own API. */
  readonly lambdaPort: number;
  /** Where what they log goes. @default 'inherit' */
  readonly log?: 'inherit' | 'ignore';
};

export function serve({ environment, port, lambdaPort, log = 'inherit' }: ServeOptions): ChildProcess {
  const serverless = fileURLToPath(new URL('../node_modules/serverless/bin/serverless.js', import.meta.url));
  const ports = ['--httpPort', String(port), '--lambdaPort', String(lambdaPort)];

  const api = spawn(process.execPath, [serverless, 'offline', 'start', ...ports], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...process.env, ...environment },
    stdio: ['ignore', log, log === 'inherit' ? 'pipe' : 'ignore'],
  });
  api.stderr?.pipe(process.stderr);
  return api;
}

/** Waits until the API answers; `false` where it ended before. */
export async function isAnswering(api: ChildProcess, port: number): Promise<boolean> {
  while (api.exitCode === null && api.signalCode === null) {
    const answer = await fetch(`http://localhost:${port}/`).catch(() => undefined);
    if (answer?.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}
