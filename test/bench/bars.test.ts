import { expect, it } from 'vitest';
import { judge } from '../../bench/bars.ts';
import type { Report } from '../../bench/report.ts';

const times = { p50: 95, p90: 100, p99: 110 };
const company = {
  of: 'nothing',
  size: { contacts: 100, agents: 10, rules: 1 },
  timeToTransfer: times,
} as const;

const good: Report = {
  machine: { node: '24.0.0', platform: 'linux x64', cores: 8, loadBefore: 0.1 },
  isQuick: false,
  timeToTransfer: {
    calls: 500,
    dynamodbDelayMs: 5,
    aircallDelayMs: 80,
    dynamodbRoundTripMs: 6,
    aircallRoundTripMs: 81,
    router: times,
    tutorial: times,
    floor: times,
    ratioToFloor: { p50: 1.15, p90: 2, p99: 2 },
    ratioToTutorial: { p50: 0.6, p90: 1, p99: 1 },
    untilAircall: { router: times, tutorial: times, floor: times },
    untilAnswered: { router: times, tutorial: times, floor: times },
    notTransferred: { router: 0, tutorial: 0, floor: 0 },
    mostWaves: { router: 4, tutorial: 4, floor: 2 },
    waves: { router: 3, tutorial: 4, floor: 2 },
    aircallRequestsPerCall: { router: 1, tutorial: 2, floor: 1 },
  },
  waves: 3,
  aircallRequestsPerThousandCalls: 1000,
  requests: {
    calls: 200,
    aircallPerThousandCalls: 1000,
    dynamodbPerCall: 4,
    readUnitsPerCall: 0.5,
    writeUnitsPerCall: 3,
    refresh: { agents: 20, everyMinutes: 5, aircall: 3, dynamodb: 42 },
  },
  bundle: { webhookBytes: 400_000, all: [] },
  coldImport: { runs: 15, emptyHandlerMs: 1, bareClientMs: 40, webhookMs: 60, ratioToBareClient: 1.5 },
  firstRequest: { runs: 15, importMs: 60, answeredMs: 140, sinceProcessStartMs: 230 },
  growth: {
    callsOfEach: 100,
    noise: 0.01,
    sizes: [
      { ...company, ratioToSmallest: 1 },
      { ...company, ratioToSmallest: 1.05 },
    ],
  },
  burst: {
    deliveries: 500,
    duplicates: 50,
    withinMs: 1000,
    requestsPerMinute: 120,
    answeredMs: times,
    slowestMs: 4999,
    notAnswered200: 0,
    outcomes: { routed: 120, duplicate: 50, 'left because rate-limited': 330 },
    transfers: 120,
    transferredTwice: 0,
    lost: 0,
  },
};

const missed = (report: Report) =>
  judge(report)
    .filter(({ isMet }) => !isMet)
    .map(({ says, measured }) => `${says}: ${measured}`);

it('finds every bar met by figures that just meet it', () => {
  expect(missed(good)).toEqual([]);
});

it('finds each bar missed by figures that just miss it', () => {
  const { timeToTransfer, coldImport, growth, burst } = good;
  const bad: Report = {
    ...good,
    timeToTransfer: {
      ...timeToTransfer,
      ratioToFloor: { p50: 1.16, p90: 1, p99: 1 },
      ratioToTutorial: { p50: 0.61, p90: 0.5, p99: 0.5 },
    },
    waves: 4,
    aircallRequestsPerThousandCalls: 1002,
    bundle: { webhookBytes: 400_001, all: [] },
    coldImport: { ...coldImport, ratioToBareClient: 1.51 },
    growth: { ...growth, sizes: [{ ...company, ratioToSmallest: 1.06 }] },
    burst: { ...burst, notAnswered200: 1, slowestMs: 5000, transfers: 119, transferredTwice: 1, lost: 2 },
  };

  expect(missed(bad)).toEqual([
    'time to transfer, p50, to the floor ≤ 1.15: 1.16',
    'time to transfer, p50, to the tutorial ≤ 0.6: 0.61',
    'sequential round trips ≤ 3: 4',
    'Aircall requests of 1,000 calls ≤ 1000: 1002',
    'bytes of the webhook’s bundle ≤ 400000: 400001',
    'its import, to the bare DynamoDB client ≤ 1.5: 1.51',
    'time to transfer, p50, of any size over the smallest ≤ 5.0 %: 6.0 %',
    'burst: deliveries not answered 200 ≤ 0: 1',
    'burst: slowest answer < 5000 ms: 5000',
    'burst: transfers = 120: 119',
    'burst: calls transferred twice ≤ 0: 1',
    'burst: calls lost from the record ≤ 0: 2',
  ]);
});

it('allows growth what the twin of the smallest company shows to be noise', () => {
  const growth = { ...good.growth, noise: 0.03, sizes: [{ ...company, ratioToSmallest: 1.08 }] };
  expect(missed({ ...good, growth })).toEqual([]);
});
