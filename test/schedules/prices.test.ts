/**
 * What the router can't keep from happening, and where that is written down: each shown once, so that nobody takes the absence
 * of violations for more than it is.
 */
import { expect, it } from 'vitest';
import { rungIn } from './ledger.ts';
import { latestTransferMs, scenarioOf } from './scenarios.ts';
import { countPrices, findViolations } from './verdict.ts';
import { live } from './world.ts';

it('a call of less than 4 s is not read: who answered it, which no event has told yet, loses the caller', async () => {
  const ledger = await live({
    ...scenarioOf('the assigned agent is free and answers'),
    happenings: [
      { kind: 'answered-in-distribution', call: 0, atMs: 400 },
      { kind: 'announced', call: 0, atMs: 500 },
    ],
    posts: [{ delayMs: 2000, copies: 1 }],
  });
  expect(rungIn(ledger)).toEqual([456]);
  expect(countPrices(ledger)).toBe(1);
  expect(findViolations(ledger)).toEqual([]);
});

it('who answers between the reading and the transfer loses the caller', async () => {
  const ledger = await live({
    ...scenarioOf('it is announced late, and read first'),
    happenings: [
      { kind: 'announced', call: 0, atMs: 6000 },
      { kind: 'answered-in-distribution', call: 0, atMs: 6100 },
    ],
  });
  expect(ledger.requests.map(({ look, sentAtMs }) => sentAtMs - (look?.readAtMs ?? 0))).toEqual([45]);
  expect(rungIn(ledger)).toEqual([456]);
  expect(countPrices(ledger)).toBe(1);
  expect(findViolations(ledger)).toEqual([]);
});

it('a first transfer that Aircall carries out after the claim has lapsed is a second one', async () => {
  const late = (lateMs: number) =>
    live({
      ...scenarioOf('the assigned agent is free and answers'),
      latestTransferMs: lateMs,
      fatesOf: (invocation) => (invocation === 0 ? [{ at: 6, kind: 'dies-while', lateMs }] : []),
      againAfterMs: [10_000],
    });
  const tooLate = await late(12_000);
  expect(rungIn(tooLate)).toEqual([456, 456]);
  expect(findViolations(tooLate).map(({ kind }) => kind)).toEqual([
    'second-transfer',
    'untrue-record',
    'sent-over-another',
  ]);

  const lateEnough = await late(latestTransferMs);
  expect(rungIn(lateEnough)).toEqual([456]);
  expect(findViolations(lateEnough)).toEqual([]);
});

it('a hop’s transfer that got no answer may take the call back from the next agent', async () => {
  const ledger = await live({
    ...scenarioOf('all decline, one after the other'),
    happenings: [
      { kind: 'announced', call: 0, atMs: 500 },
      // While the transfer to them is on its way, of another ring.
      { kind: 'declined-in-distribution', call: 0, agent: 1, atMs: 5600 },
    ],
    fatesOf: (invocation) => (invocation === 1 ? [{ at: 8, kind: 'no-answer', lateMs: 4500 }] : []),
  });
  const [toJane, toJan, toMax] = ledger.requests;
  expect([toJane, toJan, toMax].map((request) => request?.look?.hop)).toEqual([0, 1, 2]);
  expect(toMax?.sentOver).toEqual([toJan]);
  expect(countPrices(ledger)).toBe(1);
  expect(findViolations(ledger)).toEqual([]);
});
