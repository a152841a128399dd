/** `call-router last-agent backfill`: who spoke to whom, from the calls that Aircall keeps. */
import { type Command, InvalidArgumentError } from 'commander';
import type { BackfillSummary, Fate } from '../lib/use-cases/backfill-last-agents.ts';
import { addExample, jsonOption } from './arguments.ts';
import { formatTime } from './columns.ts';
import type { Shell } from './shell.ts';
import { describeStop, type RunBegun, startTelling } from './tell-run.ts';

type Options = { readonly days?: number; readonly fromStart?: true; readonly json?: true };

const help = `
Twenty requests a minute are made, of 50 calls each. A run that was stopped goes on where it was when it is run again.
Each conversation counts by the policy in force; running it twice changes nothing.`;

export function addLastAgentBackfill(lastAgent: Command, shell: Shell): void {
  const command = lastAgent
    .command('backfill')
    .description('remember who spoke to each caller last, from the calls that Aircall keeps')
    .option(
      '--days <number>',
      'how far back (default: as far as the policy remembers, and no further)',
      readDays,
    )
    .option('--from-start', 'forget how far an earlier run has come')
    .addOption(jsonOption())
    .addHelpText('after', help)
    .action(shell.action(backfill));
  addExample(command, 'last-agent backfill', 'last-agent backfill --days 7 --from-start');

  async function backfill({ days, fromStart, json }: Options) {
    return shell.withOperator(async (operator) => {
      const { tell, note, stop } = await startTelling(shell, describeStart);
      const backfillLastAgents = operator.backfillLastAgents((what, detail) =>
        note(`warning: ${what} ${JSON.stringify(detail)}`),
      );
      const wish = { ...(days !== undefined && { days }), isFromStart: fromStart === true };
      const done = await backfillLastAgents(wish, tell).finally(stop);
      if (!done.ok) return shell.fail(describeStop(done.failure));

      if (json) shell.printJson(done.value);
      else for (const line of describeSummary(done.value)) shell.print(line);
      return done.value.came['item-unreadable'] === 0 ? 0 : 1;
    }, 'running-stack');
  }
}

/** Aircall keeps six months. */
const mostDays = 184;

function readDays(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > mostDays) {
    throw new InvalidArgumentError(`Not a whole number from 1 to ${mostDays}.`);
  }
  return days;
}

function describeStart({ fromMs, isResumed }: RunBegun): string {
  const from = `the calls since ${formatTime(fromMs)}`;
  return isResumed ? `going on where an earlier run stopped: ${from}` : from;
}

const fateTexts: Record<Fate, string> = {
  saved: 'remembered',
  kept: 'not newer than what was remembered',
  'no-conversation': 'no conversation',
  'too-short': 'too short',
  'outbound-conversation': 'made by an agent',
  'too-old': 'too old',
  'from-the-future': 'of a time to come',
  'unknown-agent': 'by nobody we know',
  'item-unreadable': 'not remembered: an item in the table is damaged',
};

function describeSummary({ calls, came }: BackfillSummary): string[] {
  const fates = Object.keys(fateTexts) as Fate[];
  const told = fates.filter((fate) => came[fate] > 0).map((fate) => `${came[fate]} ${fateTexts[fate]}`);
  return [[`${calls} ${calls === 1 ? 'call' : 'calls'}`, told.join(', ')].filter(Boolean).join(': ')];
}
