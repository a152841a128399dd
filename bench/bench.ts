/**
 * `npm run bench`: how fast, how costly and how steady the router is, beside peers in the same run. Ends with 1 if a bar is
 * missed, with `--check` alone.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { Command } from 'commander';
import { startProgress } from '../cli/progress.ts';
import { drawBarChart } from './bar-chart.ts';
import { judge } from './bars.ts';
import { type BurstSize, measureBurst } from './burst.ts';
import { chartsOf } from './charts.ts';
import { measureColdStart } from './cold-start.ts';
import { readArguments } from './command.ts';
import { type GrowthSizes, measureGrowth } from './growth.ts';
import { type Report, toReport } from './report.ts';
import { measureRequests } from './requests.ts';
import { tellReport } from './tell-report.ts';
import { measureTimeToTransfer } from './time-to-transfer.ts';

type Options = { readonly quick: boolean; readonly json: boolean; readonly check: boolean };

type Sizes = {
  readonly calls: number;
  readonly warmUpCalls: number;
  readonly requestCalls: number;
  readonly coldRuns: number;
  readonly growth: GrowthSizes;
  readonly growthCalls: number;
  readonly growthWarmUpCalls: number;
  readonly burst: BurstSize;
};

const delays = { dynamodbMs: 5, aircallMs: 80 };

const full: Sizes = {
  calls: 500,
  warmUpCalls: 300,
  requestCalls: 200,
  coldRuns: 15,
  growth: { contacts: [100, 1000, 100_000], agents: [10, 500, 5000], rules: [1, 100, 1000] },
  growthCalls: 100,
  growthWarmUpCalls: 20,
  burst: { deliveries: 500, duplicates: 50, withinMs: 1000 },
};

const quick: Sizes = {
  calls: 30,
  warmUpCalls: 100,
  requestCalls: 10,
  coldRuns: 5,
  growth: { contacts: [100, 2000], agents: [10, 500], rules: [1, 1000] },
  growthCalls: 10,
  growthWarmUpCalls: 5,
  burst: { deliveries: 200, duplicates: 20, withinMs: 400 },
};

const charts = new URL('../docs/bench/', import.meta.url);

const command = new Command('bench')
  .description(
    'Measures the router on this machine, beside the router of Aircall’s tutorial and the least it could take; bench/README.md says how. A full run takes about six minutes, and draws the charts of docs/bench/ anew.',
  )
  .option('--quick', 'a look in under a minute: fewer calls, smaller companies, no charts', false)
  .option('--json', 'print one JSON object instead of tables', false)
  .option('--check', 'end with 1 if a bar is missed', false);

process.exitCode = await main(process.argv);

async function main(argv: readonly string[]): Promise<number> {
  const ending = readArguments(command, argv);
  if (ending !== undefined) return ending;

  const options = command.opts<Options>();
  const report = await measure(options.quick ? quick : full, options.quick);
  console.log(options.json ? JSON.stringify(report, null, 2) : tellReport(report));
  if (!options.quick) keep(report);

  return options.check && judge(report).some(({ isMet }) => !isMet) ? 1 : 0;
}

async function measure(sizes: Sizes, isQuick: boolean): Promise<Report> {
  const steps = sizes.calls + sizes.growthCalls;
  const progress = startProgress(process.stderr, steps);
  const advance = () => progress.advance(1);
  try {
    return toReport({
      machine: {
        node: process.versions.node,
        platform: `${process.platform} ${process.arch}`,
        cores: cpus().length,
        loadBefore: loadavg()[0] ?? 0,
      },
      isQuick,
      // Before there is anything of ours in this process that a collector of garbage would look after.
      timeToTransfer: await measureTimeToTransfer(sizes.calls, sizes.warmUpCalls, delays, advance),
      requests: await measureRequests(sizes.requestCalls, delays),
      coldStart: await measureColdStart(sizes.coldRuns, delays),
      growth: await measureGrowth(sizes.growth, sizes.growthCalls, sizes.growthWarmUpCalls, delays, advance),
      burst: await measureBurst(sizes.burst, delays),
    });
  } finally {
    progress.stop();
  }
}

/** The charts, and the tables beside them. */
function keep(report: Report): void {
  mkdirSync(charts, { recursive: true });
  for (const [file, chart] of Object.entries(chartsOf(report))) {
    writeFileSync(new URL(file, charts), drawBarChart(chart));
  }
  writeFileSync(
    new URL('figures.md', charts),
    `# Figures\n\nWritten by \`npm run bench\`; [how each is measured](../../bench/README.md).\n\n\`\`\`\n${tellReport(report)}\n\`\`\`\n`,
  );
}
