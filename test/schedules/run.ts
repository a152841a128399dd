/**
 * `npm run schedules -- --runs 1000000 [--seed n] [--path p]`: more schedules than the tests run. Ends with 1 where something
 * is wrong with one, and tells it and how to run it again; with 2 for wrong usage.
 */
import { parseArgs } from 'node:util';
import { startProgress } from '../../cli/progress.ts';
import { runSchedules, tellCounterexample } from './run-schedules.ts';

const usage = 'npm run schedules -- [--runs 1000000] [--seed n] [--path p]';

/** @throws where it is no number of anything */
function readCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`not a number: ${text}`);
  return Number(text);
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
      path: { type: 'string' },
    },
  });
  const { path } = values;
  return {
    runs: readCount(values.runs),
    seed: readCount(values.seed),
    ...(path !== undefined && { path }),
  };
}

async function main(): Promise<number> {
  const options = readOptions();
  const progress = startProgress(process.stderr, options.runs);
  const startedAtMs = Date.now();
  let told = 0;
  const run = await runSchedules({
    ...options,
    onProgress: (schedules) => {
      progress.advance(schedules - told);
      told = schedules;
    },
  });
  progress.stop();

  const rows = Object.entries({ ...run.counts, seed: run.seed, seconds: (Date.now() - startedAtMs) / 1000 });
  const lines = rows.map(([name, value]) => {
    const shown = name === 'seed' ? String(value) : Math.round(value).toLocaleString('en');
    return `${name.padEnd(12)}${shown.padStart(12)}`;
  });
  process.stdout.write(`${lines.join('\n')}\n`);
  if (run.counterexample === undefined) return 0;
  process.stdout.write(`\n${tellCounterexample(run)}\n`);
  return 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n${usage}\n`);
  process.exitCode = 2;
}
