/**
 * A report in tables, each with what it compared with what.
 */
import { type Bar, judge } from './bars.ts';
import type { PeerName } from './peers/peer.ts';
import type { Percentiles } from './percentiles.ts';
import type { Machine, Report } from './report.ts';
import { formatTable } from './table.ts';

export function tellReport(report: Report): string {
  const { isQuick, machine } = report;
  return [
    ...(isQuick
      ? ['A quick look: few calls, small companies. Figures come from a run without --quick.']
      : []),
    tellTimeToTransfer(report),
    tellRequests(report),
    tellColdStart(report),
    tellGrowth(report),
    tellBurst(report),
    tellBars(judge(report)),
    tellMachine(machine),
  ].join('\n\n');
}

function tellMachine({ node, platform, cores, loadBefore }: Machine): string {
  const isBusy = loadBefore > cores / 2;
  return [
    `Node ${node}, ${platform}, ${cores} cores, load average ${loadBefore.toFixed(1)} before; all of it on this machine.`,
    ...(isBusy ? ['✗ The machine was busy with something else: measure again when it is quiet.'] : []),
  ].join('\n');
}

const peers: readonly PeerName[] = ['floor', 'router', 'tutorial'];

function tellTimeToTransfer({ timeToTransfer }: Report): string {
  const { calls, dynamodbDelayMs, aircallDelayMs, dynamodbRoundTripMs, aircallRoundTripMs } = timeToTransfer;
  const { waves, mostWaves, aircallRequestsPerCall, notTransferred, untilAircall, untilAnswered } =
    timeToTransfer;
  return section(
    'Time to transfer, warm, ms',
    `compared with: the floor (one round trip to DynamoDB, then one to Aircall) and the tutorial's router; ${calls} calls each, in
  turn in one run; DynamoDB behind ${dynamodbDelayMs} ms (a round trip took ${figure(dynamodbRoundTripMs)}), Aircall behind ${aircallDelayMs} ms (${figure(aircallRoundTripMs)})`,
    [
      ['', 'p50', 'p90', 'p99', 'to floor', 'to tutorial', 'waves', 'most', 'Aircall requests', 'left'],
      ...peers.map((peer) => [
        peer,
        ...figures(timeToTransfer[peer]),
        ratio(timeToTransfer[peer].p50 / timeToTransfer.floor.p50),
        ratio(timeToTransfer[peer].p50 / timeToTransfer.tutorial.p50),
        String(waves[peer]),
        String(mostWaves[peer]),
        ratio(aircallRequestsPerCall[peer]),
        String(notTransferred[peer]),
      ]),
      ...peers.map((peer) => [
        `${peer}, until Aircall has it`,
        ...figures(untilAircall[peer]),
        '',
        '',
        '',
        '',
      ]),
      ...peers.map((peer) => [
        `${peer}, until it answers`,
        ...figures(untilAnswered[peer]),
        '',
        '',
        '',
        '',
        '',
      ]),
    ],
  );
}

function tellRequests({ requests, aircallRequestsPerThousandCalls }: Report): string {
  const { calls, dynamodbPerCall, readUnitsPerCall, writeUnitsPerCall, refresh } = requests;
  return section(
    'Requests in steady state',
    `compared with: one transfer for each call, which is all that has to be asked of Aircall; ${calls} calls, counted where they arrive`,
    [
      ['', 'count'],
      ['Aircall requests of 1,000 calls', String(aircallRequestsPerThousandCalls)],
      [
        `Aircall requests of a refresh of ${refresh.agents} agents, every ${refresh.everyMinutes} minutes`,
        String(refresh.aircall),
      ],
      ['DynamoDB requests of a call', String(dynamodbPerCall)],
      ['read units of a call', String(readUnitsPerCall)],
      ['write units of a call, without those of indexes', String(writeUnitsPerCall)],
    ],
  );
}

function tellColdStart({ bundle, coldImport, firstRequest, timeToTransfer }: Report): string {
  const { emptyHandlerMs, bareClientMs, webhookMs, ratioToBareClient, runs } = coldImport;
  const ofBare = (ms: number) => ratio(ms / bareClientMs);
  return [
    section('Bundles', 'compared with: each other, as they are deployed', [
      ['function', 'bytes'],
      ...bundle.all.map(({ name, bytes }) => [name, String(bytes)]),
    ]),
    section(
      'Cold start, ms',
      `compared with: an empty handler, and the DynamoDB client with nothing around it; median of ${runs} fresh processes each`,
      [
        ['', 'ms', 'to bare client'],
        ['import of an empty handler', figure(emptyHandlerMs), ofBare(emptyHandlerMs)],
        ['import of the bare client', figure(bareClientMs), '1.00'],
        ['import of the webhook', figure(webhookMs), ratio(ratioToBareClient)],
        ['its first call, until the answer', figure(firstRequest.answeredMs), ''],
        ['a warm call, until the answer', figure(timeToTransfer.untilAnswered.router.p50), ''],
        ['from the start of Node to the first answer', figure(firstRequest.sinceProcessStartMs), ''],
      ],
    ),
  ].join('\n\n');
}

function tellGrowth({ growth }: Report): string {
  const { callsOfEach, noise, sizes } = growth;
  return section(
    'Time to transfer as a company grows, ms',
    `compared with: the smallest company, which is there twice: its twin differs by ${(100 * noise).toFixed(1)} %, which is noise; ${callsOfEach} calls each, in turn`,
    [
      ['contacts', 'agents', 'rules', 'p50', 'p90', 'p99', 'to smallest'],
      ...sizes.map(({ size, timeToTransfer, ratioToSmallest }) => [
        size.contacts.toLocaleString('en'),
        size.agents.toLocaleString('en'),
        size.rules.toLocaleString('en'),
        ...figures(timeToTransfer),
        ratio(ratioToSmallest),
      ]),
    ],
  );
}

function tellBurst({ burst }: Report): string {
  const { deliveries, duplicates, withinMs, requestsPerMinute, answeredMs, outcomes } = burst;
  return section(
    `A burst: ${deliveries} deliveries in ${withinMs} ms, ${duplicates} of them of calls announced before`,
    `compared with: what Aircall allows, ${requestsPerMinute} requests a minute, and what it had received in the end`,
    [
      ['', 'count'],
      ...Object.entries(outcomes)
        .toSorted()
        .map(([outcome, count]) => [outcome, String(count)]),
      ['not answered 200', String(burst.notAnswered200)],
      ['transfers at Aircall', String(burst.transfers)],
      ['calls transferred twice', String(burst.transferredTwice)],
      ['calls without a record that agrees', String(burst.lost)],
      ['answered within ms, p50', figure(answeredMs.p50)],
      ['answered within ms, p99', figure(answeredMs.p99)],
      ['slowest answer, ms', figure(burst.slowestMs)],
    ],
  );
}

function tellBars(bars: readonly Bar[]): string {
  return section('Bars', 'compared with: what is asked of them', [
    ['bar', 'measured', ''],
    ...bars.map(({ says, measured, isMet }) => [says, measured, isMet ? 'met' : '✗ MISSED']),
  ]);
}

function section(title: string, comparison: string, rows: readonly (readonly string[])[]): string {
  return `${title}\n  ${comparison}\n\n${formatTable(rows)}`;
}

function figures({ p50, p90, p99 }: Percentiles): readonly string[] {
  return [figure(p50), figure(p90), figure(p99)];
}

function figure(value: number): string {
  return value.toFixed(1);
}

function ratio(value: number): string {
  return value.toFixed(2);
}
