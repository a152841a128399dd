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
