/**
 * Every point at which an invocation of a scenario may die: before and after each of its requests, and while a request is on
 * its way; and for each, how what it was to do comes again.
 */
import type { Ledger } from './ledger.ts';
import type { Fate } from './mortal.ts';
import { live, type Sabotage, type WorldFacts } from './world.ts';

export type CrashPoint = {
  /** Which of the scenario's invocations dies, counted from 0. */
  readonly invocation: number;
  readonly fate: Fate;
  readonly againAfterMs: readonly number[];
  readonly what: string;
};

/** A claim lapses 10 s after it was made: the first is sooner, the second later; some come twice, or at once. */
const comesAgain: readonly (readonly number[])[] = [
  [3000],
  [10_200],
  [2000, 3000],
  [3000, 10_200],
  [10_200, 10_700],
  [10_200, 10_200],
];

/** Before its sender would have given it up, and long after; a transfer at latest as its world allows. */
const lates = [2600, 12_000];

export async function listCrashPoints(facts: WorldFacts): Promise<readonly CrashPoint[]> {
  const unharmed = await live(facts);
  return unharmed.invocations.flatMap(({ asked, what }, invocation) =>
    asked.flatMap((port, index) => {
      const at = index + 1;
      const whiles = lates.map((lateMs) => ({ at, kind: 'dies-while', lateMs }) as const);
      const fates: readonly Fate[] = [{ at, kind: 'dies-before' }, { at, kind: 'dies-after' }, ...whiles];
      return fates.flatMap((fate) =>
        comesAgain.map((againAfterMs) => ({
          invocation,
          fate,
          againAfterMs,
          what: `${what} ${fate.kind} ${port}, again after ${againAfterMs.join(' and ')} ms`,
        })),
      );
    }),
  );
}

/** The scenario as it goes with that death; what else befalls it stays. */
export function crash(facts: WorldFacts, point: CrashPoint, sabotage?: Sabotage): Promise<Ledger> {
  const { fate, againAfterMs } = point;
  const fatesOf = (invocation: number) => [
    ...(invocation === point.invocation ? [fate] : []),
    ...facts.fatesOf(invocation),
  ];
  return live({ ...facts, fatesOf, againAfterMs }, sabotage);
}
