/**
 * The first request of a container: a fresh process imports the webhook's bundle and answers a call, which is transferred.
 */
import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { toApiGatewayEvent } from '../local/lambda.ts';
import { announce } from './announcement.ts';
import { emailOf, phoneOf } from './company.ts';
import type { Delays } from './delays.ts';
import { medianOf } from './percentiles.ts';
import { type FarWorld, withWorlds } from './start-worlds.ts';

/** In a fresh process each; median. */
export type FirstRequest = {
  readonly runs: number;
  readonly importMs: number;
  /** The first call, from the delivery to the answer. */
  readonly answeredMs: number;
  /** All of it, with the start of Node. */
  readonly sinceProcessStartMs: number;
};

export async function measureFirstRequest(file: string, runs: number, delays: Delays): Promise<FirstRequest> {
  const options = { contacts: 20, agents: 20, rules: 0, ...delays, isWatched: false };

  return withWorlds([options], async ([world]) => {
    if (world === undefined) throw new Error('no world');
    const times: Times[] = [];
    for (let run = 0; run < runs; run += 1) times.push(await answerOnce(world, file, run % 20));

    return {
      runs,
      importMs: medianOf(times.map(({ importMs }) => importMs)),
      answeredMs: medianOf(times.map(({ answeredMs }) => answeredMs)),
      sinceProcessStartMs: medianOf(times.map(({ sinceProcessStartMs }) => sinceProcessStartMs)),
    };
  });
}

type Times = Omit<FirstRequest, 'runs'> & { readonly body: string };

/** In JavaScript: reading types away would take time of its own. */
const script = `
const begunMs = performance.now();
const { handler } = await import(process.env.BENCH_BUNDLE);
const importedMs = performance.now();
const remaining = { awsRequestId: String(Math.random()), getRemainingTimeInMillis: () => 5000 - (performance.now() - importedMs) };
const { body } = await handler(JSON.parse(process.env.BENCH_EVENT), remaining);
const nowMs = performance.now();
console.log(JSON.stringify({ importMs: importedMs - begunMs, answeredMs: nowMs - importedMs, sinceProcessStartMs: nowMs, body }));
process.exit();
`;

async function answerOnce(world: FarWorld, file: string, contact: number): Promise<Times> {
  const event = toApiGatewayEvent('/aircall/calls', announce(phoneOf(contact)).body);
  const env = {
    ...process.env,
    ...world.environment,
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
    BENCH_BUNDLE: pathToFileURL(file).href,
    BENCH_EVENT: JSON.stringify(event),
  };
  const argv = ['--input-type=module', '-e', script];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { env });
  const times = JSON.parse(stdout) as Times;
  if (!times.body.includes('"routed"')) throw new Error(`a call was not routed: ${times.body}`);
  await world.freeAgent(emailOf(contact));
  return times;
}
