/**
 * Schedules by the thousand, until one is found that something is wrong with: that one is made as short as it can be.
 */
import fc from 'fast-check';
import { anySchedule, type Schedule, toFacts } from './any-schedule.ts';
import { countAccepted, countPrices, findViolations, type Violation } from './verdict.ts';
import { live, type Sabotage } from './world.ts';

export type ScheduleCounts = {
  schedules: number;
  deliveries: number;
  crashes: number;
  transfers: number;
  /** What nobody could know in time, by verdict.ts. */
  prices: number;
  violations: number;
};

export type ScheduleRun = {
  readonly counts: Readonly<ScheduleCounts>;
  readonly seed: number;
  /** The shortest schedule found that something is wrong with, and where fast-check has it. */
  readonly counterexample?: {
    readonly schedule: Schedule;
    readonly path: string;
    readonly violations: readonly Violation[];
  };
};

export type ScheduleRunOptions = {
  readonly runs: number;
  readonly seed: number;
  /** Of a counter-example: it alone is run. */
  readonly path?: string;
  readonly sabotage?: Sabotage;
  readonly onProgress?: (schedules: number) => void;
};

export async function runSchedules(options: ScheduleRunOptions): Promise<ScheduleRun> {
  const { runs, seed, path, sabotage, onProgress } = options;
  const counts: ScheduleCounts = {
    schedules: 0,
    deliveries: 0,
    crashes: 0,
    transfers: 0,
    prices: 0,
    violations: 0,
  };
  const property = fc.asyncProperty(anySchedule, async (schedule) => {
    const ledger = await live(toFacts(schedule), sabotage);
    const violations = findViolations(ledger);
    // What comes after the first violation makes it shorter, and is no schedule of its own.
    if (counts.violations === 0) {
      counts.schedules += 1;
      counts.deliveries += ledger.invocations.length;
      counts.crashes += ledger.invocations.filter(({ isDead }) => isDead).length;
      counts.transfers += countAccepted(ledger);
      counts.prices += countPrices(ledger);
      counts.violations += violations.length;
      if (counts.schedules % 1000 === 0) await breathe(counts.schedules);
    }
    return violations.length === 0;
  });
  const checked = await fc.check(property, { numRuns: runs, seed, ...(path !== undefined && { path }) });
  const [schedule] = checked.counterexample ?? [];
  if (schedule === undefined) return { counts, seed };

  const violations = findViolations(await live(toFacts(schedule), sabotage));
  return { counts, seed, counterexample: { schedule, path: checked.counterexamplePath ?? '', violations } };

  /** Time moves by itself here: whoever waits for the machine's own would wait till the end. */
  function breathe(schedules: number): Promise<void> {
    onProgress?.(schedules);
    return new Promise((resolve) => setImmediate(resolve));
  }
}

/** What was found, and how to see it again. */
export function tellCounterexample({ counterexample, seed }: ScheduleRun): string {
  if (counterexample === undefined) return 'nothing is wrong';
  const { schedule, path, violations } = counterexample;
  const again = `npm run schedules -- --seed ${seed} --path ${path}`;
  return [
    ...violations.map(({ kind, detail }) => `${kind}: ${detail}`),
    JSON.stringify(schedule, null, 2),
    again,
  ].join('\n');
}
