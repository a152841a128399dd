/** `call-router calls list`: what became of the last calls. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { doubtTexts, leaveTexts, sourceTexts } from '../lib/core/reason-texts.ts';
import type { CallSummary } from '../lib/ports.ts';
import { addExample, jsonOption } from './arguments.ts';
import { alignColumns, formatTime } from './columns.ts';
import { describeStoreFailure } from './failures.ts';
import type { Shell } from './shell.ts';
import { tellDestination } from './tell-call.ts';

type Options = {
  readonly since: number;
  readonly limit: number;
  readonly outcome?: string;
  readonly because?: string;
  readonly json?: true;
};

export function addCallsList(calls: Command, shell: Shell): void {
  const command = calls
    .command('list')
    .description('list the last calls, newest first')
    .option('--since <time>', 'how far back: minutes, hours or days, as in 30m, 24h, 7d', parseSpanMs, dayMs)
    .option('--limit <number>', 'how many at most', parseLimit, 50)
    .addOption(
      new Option('--outcome <outcome>', 'only those that came to it').choices(['routed', 'left', 'in-doubt']),
    )
    .option('--because <reason>', 'only those decided for it, as in no-target-available', parseReason)
    .addOption(jsonOption())
    .action(shell.action(list));
  addExample(
    command,
    'calls list --since 7d --limit 200',
    'calls list --since 2h --outcome left --because no-target-available',
  );

  async function list({ since: spanMs, limit, json, ...wanted }: Options) {
    return shell.withOperator(async (operator) => {
      const sinceMs = operator.now() - spanMs;
      const listed = await operator.calls().listCalls({ sinceMs, limit, ...wanted }, operator.deadlineMs());
      if (!listed.ok) return shell.fail(describeStoreFailure(listed.failure));

      const { calls: found, unreadable } = listed.value;
      if (json) shell.printJson(found);
      else if (found.length > 0) {
        const lines = alignColumns([['TIME', 'CALL', 'OUTCOME', 'BECAUSE', 'TO'], ...found.map(toRow)]);
        for (const line of lines) shell.print(line);
      }
      if (found.length === 0) shell.note(tellNone(sinceMs, wanted));
      if (found.length === limit) shell.note(`there may be more: --limit ${limit * 2}`);
      if (unreadable > 0) shell.note(`warning: ${unreadable} calls are damaged, or newer than this program`);
      return 0;
    });
  }
}

function tellNone(sinceMs: number, { outcome, because }: Pick<Options, 'outcome' | 'because'>): string {
  const isAny = outcome === undefined && because === undefined;
  const since = formatTime(sinceMs);
  return isAny ? `no call since ${since}` : `none of the calls since ${since} came to that`;
}

function toRow({ callId, claimedAtMs, settledAtMs, outcome, because, to }: CallSummary): string[] {
  const time = formatTime(claimedAtMs);
  if (settledAtMs === undefined) return [time, callId, 'claimed (not settled)'];

  return [time, callId, outcome ?? '–', because ?? '–', to === undefined ? '–' : tellDestination(to)];
}

const dayMs = 86_400_000;
const unitsMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: dayMs };
/** Records are kept for 90 days. */
const longestSpanMs = 90 * dayMs;

function parseSpanMs(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const unitMs = unitsMs[unit];
  if (count === undefined || unitMs === undefined)
    throw new InvalidArgumentError('Not a time such as 30m, 24h or 7d.');
  return Math.min(Number(count) * unitMs, longestSpanMs);
}

function parseLimit(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('Not a whole number above 0.');
  return Number(text);
}

function parseReason(text: string): string {
  const isKnown = [leaveTexts, doubtTexts, sourceTexts].some((texts) => Object.hasOwn(texts, text));
  if (!isKnown) throw new InvalidArgumentError('Not a reason such as no-target-available.');
  return text;
}
