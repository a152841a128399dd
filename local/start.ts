/**
 * `npm start`: the API on this machine, as API Gateway would serve it, over an embedded DynamoDB that keeps its items in
 * `.local/`, a queue of ring timers, and a simulated Aircall.
 */
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { deliveryPath } from '../lib/core/choose-webhook.ts';
import { dataFolder, localFolder, sealingKeyFile, stackFile } from './folder.ts';
import { findFreePort, isPortFree } from './ports.ts';
import { type Pump, pumpRingTimers } from './pump-ring-timers.ts';
import { seedAircallContacts } from './seed.ts';
import { isAnswering, serve } from './serve.ts';
import {
  type LocalStack,
  localRingToSecret,
  localWebhookToken,
  ringToPath,
  startLocalStack,
} from './stack.ts';

const options = new Command('start')
  .description(
    'Serves the router on this machine, with an embedded DynamoDB, a queue of ring timers and a simulated Aircall.',
  )
  .option('--port <number>', 'where the API listens', readPort, 3000)
  .parse()
  .opts<{ port: number }>();

process.exitCode = await main(options.port);

async function main(port: number): Promise<number> {
  if (!(await isPortFree(port))) return complain(`port ${port} is in use: npm start -- --port 3001`);

  mkdirSync(localFolder(), { recursive: true });
  const stack = await startLocalStack({
    dataFolder: dataFolder(),
    sealingKeyFile: sealingKeyFile(),
    acceptUnknownCalls: true,
  }).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  if (typeof stack === 'string') return complain(stack);

  for (const contact of seedAircallContacts) stack.aircall.putContact(contact);
  const lambdaPort = await findFreePort();
  const environment = {
    ...stack.environment,
    PUBLIC_URL: `http://localhost:${port}`,
    // Asynchronous invocations: the local API takes them as Lambda does.
    AWS_ENDPOINT_URL_LAMBDA: `http://localhost:${lambdaPort}`,
  };
  writeFileSync(stackFile(), JSON.stringify({ environment, pid: process.pid }, null, 2));
  const pump = await startPump(stack, environment);
  const api = serve({ environment, port, lambdaPort });
  const stop = () => {
    // The bundler's last words on being interrupted are a page of its own stacks.
    api.stderr?.unpipe(process.stderr);
    api.kill('SIGINT');
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);

  if (await isAnswering(api, port)) {
    stack.addWebhook(`http://localhost:${port}${deliveryPath}`);
    stack.setCallFlow(`http://localhost:${port}${ringToPath}`);
    console.log(whatToTry(port));
  }
  if (api.exitCode === null && api.signalCode === null) await once(api, 'exit');

  rmSync(stackFile(), { force: true });
  await pump.stop();
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

/** SQS's part, which serverless-offline has not: in this process, whose environment the function reads. */
async function startPump(stack: LocalStack, environment: Readonly<Record<string, string>>): Promise<Pump> {
  Object.assign(process.env, environment);
  const { handler } = await import('../functions/ring-timeout.ts');
  return pumpRingTimers(stack.ringTimers, handler);
}

function whatToTry(port: number): string {
  const url = `http://localhost:${port}`;
  return `
The router runs on ${url}, with an embedded DynamoDB (kept in ${dataFolder()}), a queue of ring timers and a simulated Aircall.
Its webhook token is ${localWebhookToken}, its call flow's secret ${localRingToSecret}. In another terminal, try:

  A telephone call, which you can answer, decline or let ring:
    npm run call -- --from "+33 1 99 00 00 07"

  One whose agent declines, so that it goes on to the backup:
    npm run call -- --from "+44 20 7946 0177" --agent declines

  One that comes in by Aircall's call flow, which asks who should ring and has a fallback of its own:
    npm run call -- --from "+44 20 7946 0123" --flow --distribution 457

  The call flow's question with curl, about a call id of your own:
    curl -s ${url}${ringToPath} -H 'authorization: Bearer ${localRingToSecret}' -H 'content-type: application/json' \\
      -d '{"call_id":"'$RANDOM'","caller_number":"+33 1 99 00 00 07"}'

  A call from a caller we know, announced as Aircall does:
    npm run replay -- --target ${url}/aircall/calls events/call-created.known-caller.json

  The same with curl, with the time of now and a call id of your own:
    sed "s/1763851200/$(date +%s)/; s/812000001/$RANDOM/" events/call-created.known-caller.json \\
      | curl -s ${url}/aircall/calls -H 'content-type: application/json' --data-binary @-

  Why the call went where it went:
    npx call-router calls list --local
    npx call-router explain <call id> --local

  A second company, Tidewater Books, which installs the router over OAuth in your browser (anew after each start):
    ${url}/aircall/oauth/install

  Who is free:
    npx call-router agents list --local

  Contacts of your own:
    npx call-router contacts import events/contacts.csv --local

Ctrl-C stops it.
`;
}
