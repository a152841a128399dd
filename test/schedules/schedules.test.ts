/**
 * 100,000 schedules made up by chance, the same ones every time: what must hold after each is told in verdict.ts. For more of
 * them, and others: `npm run schedules`.
 */
import { expect, it } from 'vitest';
import { runSchedules, tellCounterexample } from './run-schedules.ts';
import { withoutClaim } from './sabotage.ts';

const seed = 20_251_122;

it('holds under 100,000 schedules', async () => {
  const run = await runSchedules({ runs: 100_000, seed });
  const told = Object.entries(run.counts).map(([what, count]) => `${count.toLocaleString('en')} ${what}`);
  process.stdout.write(`schedules (seed ${seed}): ${told.join(', ')}\n`);
  expect(tellCounterexample(run)).toBe('nothing is wrong');
  expect(run.counts).toMatchObject({ schedules: 100_000, violations: 0 });
  // They are no quiet ones.
  expect(run.counts.crashes).toBeGreaterThan(20_000);
  expect(run.counts.transfers).toBeGreaterThan(40_000);
}, 240_000);

it('finds a router without a claim out, in a schedule as short as it can be', async () => {
  const run = await runSchedules({ runs: 1000, seed, sabotage: withoutClaim });
  const { schedule, violations, path } = run.counterexample ?? {};
  expect(schedule?.happenings).toHaveLength(2);
  expect(schedule?.happenings.map(({ kind }) => kind)).toEqual(['announced', 'announced']);
  expect(schedule?.agents).toHaveLength(1);
  expect(violations?.map(({ kind }) => kind)).toContain('second-transfer');

  const again = await runSchedules({ runs: 1000, seed, path: path ?? '', sabotage: withoutClaim });
  expect(again.counterexample?.schedule).toEqual(schedule);
});
