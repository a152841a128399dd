/**
 * `npm start`: the API on this machine, as API Gateway would serve it, over an embedded DynamoDB that keeps its items in
 * `.local/`, and a simulated Aircall.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { dataFolder, localFolder, stackFile } from './folder.ts';
import { findFreePort, isPortFree } from './ports.ts';
import { type LocalStack, localWebhookToken, startLocalStack } from './stack.ts';

const options = new Command('start')
  .description('Serves the router on this machine, with an embedded DynamoDB and a simulated Aircall.')
  .option('--port <number>', 'where the API listens', readPort, 3000)
  .parse()
  .opts<{ port: number }>();

process.exitCode = await main(options.port);

async function main(port: number): Promise<number> {
  if (!(await isPortFree(port))) return complain(`port ${port} is in use: npm start -- --port 3001`);

  mkdirSync(localFolder(), { recursive: true });
  const stack = await startLocalStack({ dataFolder: dataFolder(), acceptUnknownCalls: true }).catch(
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  if (typeof stack === 'string') return complain(stack);

  writeFileSync(stackFile(), JSON.stringify({ environment: stack.environment, pid: process.pid }, null, 2));
  const api = await serve(stack, port);
  const stop = () => {
    // The bundler's last words on being interrupted are a page of its own stacks.
    api.stderr?.unpipe(process.stderr);
    api.kill('SIGINT');
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);

  if (await isAnswering(api, port)) console.log(whatToTry(port));
  if (api.exitCode === null && api.signalCode === null) await once(api, 'exit');

  rmSync(stackFile(), { force: true });
  await stack.close();
  return api.exitCode === 0 || api.signalCode !== null ? 0 : complain('the API stopped by itself');
}

function complain(message: string): number {
  console.error(message);
  return 1;
}

function readPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new InvalidArgumentError('not a port');
  return port;
}

/** API Gateway's part, by serverless-offline, in a process of its own. */
async function serve(stack: LocalStack, port: number): Promise<ChildProcess> {
  const serverless = fileURLToPath(new URL('../node_modules/serverless/bin/serverless.js', import.meta.url));
  const ports = ['--httpPort', String(port), '--lambdaPort', String(await findFreePort())];

  const api = spawn(process.execPath, [serverless, 'offline', 'start', ...ports], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...process.env, ...stack.environment },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  api.stderr.pipe(process.stderr);
  return api;
}

async function isAnswering(api: ChildProcess, port: number): Promise<boolean> {
  while (api.exitCode === null && api.signalCode === null) {
    const answer = await fetch(`http://localhost:${port}/`).catch(() => undefined);
    if (answer?.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

function whatToTry(port: number): string {
  const url = `http://localhost:${port}`;
  return `
The router runs on ${url}, with an embedded DynamoDB (kept in .local/) and a simulated Aircall.
Its webhook token is ${localWebhookToken}. In another terminal, try:

  A call from a caller we know, announced as Aircall does:
    npm run replay -- --target ${url}/aircall/calls events/call-created.known-caller.json

  The same with curl, with the time of now and a call id of your own:
    sed "s/1763851200/$(date +%s)/; s/812000001/$RANDOM/" events/call-created.known-caller.json \\
      | curl -s ${url}/aircall/calls -H 'content-type: application/json' --data-binary @-

  Why the call went where it went:
    npx call-router calls list --local
    npx call-router explain <call id> --local

  Who is free:
    npx call-router agents list --local

  Contacts of your own:
    npx call-router contacts import contacts.csv --local

Ctrl-C stops it.
`;
}
