/** Schedules under which something was wrong once, as short as they could be made. */
import { expect, it } from 'vitest';
import { rungIn } from './ledger.ts';
import { scenarioOf } from './scenarios.ts';
import { callIds } from './staff.ts';
import { findViolations } from './verdict.ts';
import { live } from './world.ts';

it('a call that was transferred by one who died, before the switch, was not left', async () => {
  const ledger = await live({
    ...scenarioOf('the router is switched off while it rings'),
    fatesOf: (invocation) => (invocation === 0 ? [{ at: 6, kind: 'dies-after' }] : []),
    againAfterMs: [10_200],
  });
  expect(rungIn(ledger)).toEqual([456]);
  expect(ledger.decided(callIds[0])?.record.decision).toEqual({
    outcome: 'in-doubt',
    because: 'call-touched',
  });
  expect(findViolations(ledger)).toEqual([]);
});

it('a call is not given on over a first transfer that is on its way yet, because of a ring of the distribution’s', async () => {
  const ledger = await live({
    ...scenarioOf('they decline, and a backup answers'),
    happenings: [
      { kind: 'announced', call: 0, atMs: 0 },
      { kind: 'declined-in-distribution', call: 0, agent: 0, atMs: 4100 },
    ],
    fatesOf: (invocation) => (invocation === 0 ? [{ at: 6, kind: 'no-answer', lateMs: 6500 }] : []),
  });
  expect(rungIn(ledger)).toEqual([456]);
  expect(
    ledger.decided(callIds[0])?.hops.map(({ cause, decision, readings }) => ({ cause, decision, readings })),
  ).toEqual([
    {
      cause: 'agent-declined',
      decision: { outcome: 'in-doubt', because: 'answer-lost' },
      readings: ['untouched'],
    },
  ]);
  expect(findViolations(ledger)).toEqual([]);
});

it('it is given on, where a reading shows that the transfer has come', async () => {
  const ledger = await live({
    ...scenarioOf('they decline, and a backup answers'),
    fatesOf: (invocation) => (invocation === 0 ? [{ at: 6, kind: 'no-answer', lateMs: 2600 }] : []),
  });
  expect(rungIn(ledger)).toEqual([456, 457]);
  expect(findViolations(ledger)).toEqual([]);
});
