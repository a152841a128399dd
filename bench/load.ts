/**
 * `npm run load`: the API as `npm start` serves it, under so many deliveries a second, and afterwards its record beside what the
 * simulated Aircall saw. Ends with 1 if anything is not as it has to be.
 */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { startProgress } from '../cli/progress.ts';
import { deliveryPath } from '../lib/core/choose-webhook.ts';
import { findFreePort } from '../local/ports.ts';
import { pumpRingTimers } from '../local/pump-ring-timers.ts';
import { isAnswering, serve } from '../local/serve.ts';
import { clockMs } from './clock.ts';
import { readArguments, readPositive } from './command.ts';
import { residentMegabytes } from './memory.ts';
import { percentilesOf } from './percentiles.ts';
import { type Comparison, compareRecords } from './records.ts';
import { type FarWorld, withWorlds } from './start-worlds.ts';
import { formatTable } from './table.ts';
import { createTraffic, type TrafficDelivery, type TrafficKind } from './traffic.ts';

type Options = { readonly rate: number; readonly seconds: number; readonly json: boolean };

type Answered = {
  readonly kind: TrafficKind;
  /** From when it was due. */
  readonly tookMs: number;
  /** What is wrong with the answer. */
  readonly error?: string;
  /** The call that is decided with it. */
  readonly decided?: string;
  readonly isRouted: boolean;
};

type LoadReport = {
  readonly rate: number;
  readonly seconds: number;
  readonly latency: readonly Latency[];
  readonly errors: readonly string[];
  readonly routed: number;
  readonly transfers: number;
  readonly transferredTwice: number;
  readonly records: Comparison;
  readonly memoryMegabytes: { readonly start: number | undefined; readonly end: number | undefined };
};

type Latency = {
  readonly kind: TrafficKind | 'all';
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly most: number;
};

const contacts = 2000;
const containers = 10;
const warmUpRounds = 15;
/** Aircall's patience. */
const mostMs = 5000;

const command = new Command('load')
  .description(
    'Serves the router as npm start does, delivers mixed, duplicated and malformed traffic to it, and compares its record with what the simulated Aircall saw.',
  )
  .option('--rate <number>', 'deliveries a second', readPositive, 50)
  .option('--seconds <number>', 'for how long', readPositive, 60)
  .option('--json', 'print one JSON object instead of tables', false);

process.exitCode = await main(process.argv);

async function main(argv: readonly string[]): Promise<number> {
  const ending = readArguments(command, argv);
  if (ending !== undefined) return ending;

  const options = command.opts<Options>();
  const company = { contacts, agents: contacts, rules: 0, dynamodbMs: 0, aircallMs: 0, isWatched: false };
  return withWorlds([company], async ([world]) => {
    if (world === undefined) throw new Error('no world');
    const report = await load(world, options);
    if (report === undefined) return complain('the API stopped by itself');

    console.log(options.json ? JSON.stringify(report, null, 2) : tellReport(report));
    return isAsItShouldBe(report) ? 0 : 1;
  });
}

function complain(message: string): number {
  console.error(message);
  return 1;
}

async function load(world: FarWorld, { rate, seconds }: Options): Promise<LoadReport | undefined> {
  const quiet = { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };
  Object.assign(process.env, world.environment, quiet);
  const port = await findFreePort();
  const api = serve({
    environment: { ...world.environment, ...quiet },
    port,
    lambdaPort: await findFreePort(),
    log: 'ignore',
  });
  process.once('exit', () => api.kill());
  const stop = () => process.exit(1);
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const timerTroubles: string[] = [];
  const pump = await startPump(world, (trouble) => timerTroubles.push(trouble));
  try {
    if (!(await isAnswering(api, port)) || api.pid === undefined) return undefined;

    const url = `http://localhost:${port}${deliveryPath}`;
    const traffic = createTraffic(contacts);
    const warmUp = await warmUpContainers(url, traffic);
    const start = residentMegabytes(api.pid);
    const timed = await deliverAll(url, traffic, rate, seconds);
    const end = residentMegabytes(api.pid);
    const answered = [...warmUp, ...timed];

    const transferred = await world.transferred();
    const decided = answered.flatMap(({ decided }) => decided ?? []);
    return {
      rate,
      seconds,
      latency: summarize(timed),
      errors: [...answered.flatMap(({ error }) => error ?? []), ...timerTroubles],
      routed: answered.filter(({ isRouted }) => isRouted).length,
      transfers: transferred.length,
      transferredTwice: transferred.length - new Set(transferred).size,
      records: await compareRecords(world.environment, decided, transferred),
      memoryMegabytes: { start, end },
    };
  } finally {
    api.kill('SIGINT');
    if (api.exitCode === null && api.signalCode === null) await once(api, 'exit');
    await pump.stop();
  }
}

async function startPump({ environment }: FarWorld, complain: (trouble: string) => void) {
  const { AWS_ENDPOINT_URL_SQS: url = '', RING_TIMERS_QUEUE_URL: queueUrl = '' } = environment;
  const { handler } = await import('../functions/ring-timeout.ts');
  return pumpRingTimers({ url, queueUrl }, handler, complain);
}

/**
 * Every delivery that comes while all containers are at work starts one more, and a start takes this machine longer than many
 * deliveries: as many as will be needed are started before anything is timed.
 */
async function warmUpContainers(url: string, traffic: Generator<TrafficDelivery, never>) {
  const answered: Answered[] = [];
  for (let round = 0; round < warmUpRounds; round += 1) {
    const deliveries = Array.from({ length: containers }, () => traffic.next().value);
    answered.push(...(await Promise.all(deliveries.map((one) => deliver(url, one, clockMs())))));
  }
  return answered;
}

/** Each at its time, whatever became of those before. */
async function deliverAll(
  url: string,
  traffic: Generator<TrafficDelivery, never>,
  rate: number,
  seconds: number,
): Promise<readonly Answered[]> {
  const progress = startProgress(process.stderr, rate * seconds);
  const begunMs = clockMs();
  const answered: Promise<Answered>[] = [];
  for (let count = 0; count < rate * seconds; count += 1) {
    const dueMs = begunMs + (count * 1000) / rate;
    await sleep(Math.max(0, dueMs - clockMs()));
    answered.push(deliver(url, traffic.next().value, dueMs));
    progress.advance(1);
  }
  progress.stop();
  return Promise.all(answered);
}

async function deliver(url: string, delivery: TrafficDelivery, dueMs: number): Promise<Answered> {
  const { kind, body, callId, expectedStatus } = delivery;
  const headers = { 'content-type': 'application/json' };
  try {
    const signal = AbortSignal.timeout(mostMs);
    const response = await fetch(url, { method: 'POST', headers, body, signal });
    const text = await response.text();
    const tookMs = clockMs() - dueMs;
    const { outcome } = JSON.parse(text) as { outcome?: string };
    const isDecided = ['routed', 'left', 'in-doubt'].includes(outcome ?? '');
    return {
      kind,
      tookMs,
      isRouted: outcome === 'routed',
      ...(isDecided && callId !== undefined && { decided: callId }),
      ...(response.status !== expectedStatus && {
        error: `${kind}: ${response.status} instead of ${expectedStatus}`,
      }),
      ...(tookMs >= mostMs && { error: `${kind}: answered too late` }),
    };
  } catch (error) {
    return { kind, tookMs: clockMs() - dueMs, isRouted: false, error: `${kind}: ${String(error)}` };
  }
}

function summarize(answered: readonly Answered[]): readonly Latency[] {
  const kinds = ['call', 'duplicate', 'end of a call', 'sample', 'refused'] as const;
  return ([...kinds, 'all'] as const).flatMap((kind) => {
    const times = answered.filter((one) => kind === 'all' || one.kind === kind).map(({ tookMs }) => tookMs);
    if (times.length === 0) return [];
    return { kind, count: times.length, ...percentilesOf(times), most: Math.max(...times) };
  });
}

function isAsItShouldBe({ errors, records, transferredTwice }: LoadReport): boolean {
  return errors.length === 0 && records.missing === 0 && records.different === 0 && transferredTwice === 0;
}

function tellReport(report: LoadReport): string {
  const { rate, seconds, latency, errors, records, memoryMegabytes } = report;
  const megabytes = (value: number | undefined) => (value === undefined ? 'unknown' : String(value));
  const latencies = latency.map(({ kind, count, p50, p90, p99, most }) => [
    kind,
    String(count),
    ...[p50, p90, p99, most].map((ms) => ms.toFixed(1)),
  ]);
  return [
    `${rate} deliveries a second for ${seconds} s, from when each was due until it was answered, ms`,
    '  compared with: the status each has to be answered with, and Aircall’s patience of 5 s',
    '',
    formatTable([['', 'count', 'p50', 'p90', 'p99', 'most'], ...latencies]),
    '',
    'Errors, record and memory',
    '  compared with: what the simulated Aircall saw; the served process after its first second',
    '',
    formatTable([
      ['', 'count'],
      ['errors', String(errors.length)],
      ['calls answered “routed”', String(report.routed)],
      ['transfers at Aircall', String(report.transfers)],
      ['calls transferred twice', String(report.transferredTwice)],
      ['records of calls', String(records.records)],
      ['calls without a record', String(records.missing)],
      ['records that differ from Aircall', String(records.different)],
      ['memory at the start, MB', megabytes(memoryMegabytes.start)],
      ['memory at the end, MB', megabytes(memoryMegabytes.end)],
    ]),
    ...[...new Set(errors)].slice(0, 10).map((error) => `✗ ${error}`),
  ].join('\n');
}
