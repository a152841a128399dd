/** `call-router contacts sync`: all contacts at Aircall, brought in step. */
import type { Command } from 'commander';
import type { SyncSummary } from '../lib/use-cases/sync-contacts.ts';
import { addExample, jsonOption } from './arguments.ts';
import { formatTime } from './columns.ts';
import type { Shell } from './shell.ts';
import { describeStop, type RunBegun, startTelling } from './tell-run.ts';

type Options = { readonly assign?: true; readonly fromStart?: true; readonly json?: true };

const help = `
Aircall gives names, companies and phones, and attributes from lines such as tier:gold in a contact's information. What you
imported or assigned is never overwritten. Thirty requests a minute are made, of 50 contacts each. A run that was stopped
goes on where it was when it is run again; the daily run does the same, and the contact events keep contacts in step between.`;

export function addContactsSync(contacts: Command, shell: Shell): void {
  const command = contacts
    .command('sync')
    .description('bring the contacts in step with those at Aircall')
    .option(
      '--assign',
      'assign contacts that nobody is assigned to, to the agent whom a line owner:… in their information names, whatever the policy says of it',
    )
    .option('--from-start', 'forget how far an earlier run has come')
    .addOption(jsonOption())
    .addHelpText('after', help)
    .action(shell.action(sync));
  addExample(command, 'contacts sync', 'contacts sync --assign');

  async function sync({ assign, fromStart, json }: Options) {
    return shell.withOperator(async (operator) => {
      const { tell, stop } = await startTelling(shell, describeStart);
      const wish = { ...(assign && { isAssigning: true }), isFromStart: fromStart === true };
      const syncContacts = operator.syncContacts((what, detail) =>
        shell.note(`warning: ${what} ${JSON.stringify(detail)}`),
      );
      const done = await syncContacts(wish, tell).finally(stop);
      if (!done.ok) return shell.fail(describeStop(done.failure));

      if (json) shell.printJson(done.value);
      else shell.print(describeSummary(done.value));
      return done.value.unreadable === 0 ? 0 : 1;
    }, 'running-stack');
  }
}

function describeStart({ fromMs, isResumed }: RunBegun): string | undefined {
  return isResumed
    ? `going on where an earlier run stopped: the contacts made since ${formatTime(fromMs)}`
    : undefined;
}

function describeSummary({ contacts, updated, unchanged, assigned, unreadable }: SyncSummary): string {
  const counts = [`${updated} updated`, `${unchanged} unchanged`];
  if (assigned > 0) counts.push(`${assigned} assigned`);
  if (unreadable > 0) counts.push(`${unreadable} that cannot be read`);
  return `${contacts} ${contacts === 1 ? 'contact' : 'contacts'} at Aircall: ${counts.join(', ')}`;
}
