/** `call-router accounts purge <id>`: everything of a company, deleted. */
import type { Command } from 'commander';
import { ownAccountId } from '../lib/core/account.ts';
import type { AccountId } from '../lib/core/model.ts';
import { addExample, parseAccountArgument, yesOption } from './arguments.ts';
import { describeStoreFailure, noSuchAccount } from './failures.ts';
import type { Shell } from './shell.ts';

const help = `
Contacts, agents, policies, calls, credentials and tokens: nothing is left of it in the table, and nobody can bring it back.
It has to be disabled for a quarter of an hour. What was exported before stays: npx call-router contacts export --help.`;

/** A sync of contacts that has begun goes on for so long, whatever becomes of its account. */
const quietAfterMs = 15 * 60_000;

export function addAccountsPurge(accounts: Command, shell: Shell): void {
  const command = accounts
    .command('purge')
    .description('delete everything of a company that is disabled or has uninstalled the router, for good')
    .argument('<id>', 'as accounts list shows it', parseAccountArgument)
    .addOption(yesOption())
    .addHelpText('after', help)
    .action(shell.action(purge));
  addExample(command, 'accounts purge 90210');

  async function purge(accountId: AccountId, { yes }: { readonly yes?: true }) {
    if (accountId === ownAccountId) {
      return shell.refuse(`${ownAccountId} is the account of the environment: its data goes with the table`);
    }
    return shell.withAccount(accountId, async (operator) => {
      const { findAccount, forgetAccount } = operator.accounts();
      const found = await findAccount(accountId, operator.deadlineMs());
      if (!found.ok) return shell.fail(describeStoreFailure(found.failure));
      if (found.value === undefined) return shell.fail(noSuchAccount(accountId));

      const { name, status, letInBy, changedAtMs, purgingAtMs, webhookId } = found.value;
      if (status === 'active') {
        return shell.fail(`${accountId} is active; first: npx call-router accounts disable ${accountId}`);
      }
      const waitMs = changedAtMs + quietAfterMs - operator.now();
      if (waitMs > 0 && purgingAtMs === undefined) {
        return shell.fail(
          `work for ${accountId} may still be under way: try again in ${Math.ceil(waitMs / 60_000)} min`,
        );
      }
      const isWanted =
        yes === true ||
        (await shell.confirm(`Delete all contacts, agents, policies and calls of ${accountId}, ${name}?`));
      if (isWanted === undefined) {
        return shell.refuse('nobody is here to confirm this: give --yes to delete it all; nothing was done');
      }
      if (!isWanted) return shell.fail('not confirmed, nothing was done');

      const purged = await forgetAccount(found.value, operator.deadlineMs());
      if (purged.ok && purged.value === 'changed-meanwhile') {
        return shell.fail('someone else has changed the account meanwhile; run this again');
      }
      if (!purged.ok)
        return shell.fail(`${describeStoreFailure(purged.failure)}; run this again to complete it`);
      shell.note(`deleted ${accountId}: ${purged.value} ${purged.value === 1 ? 'item' : 'items'}`);
      // One that was made over OAuth goes when the company uninstalls us.
      if ((status === 'disabled' || letInBy === 'api-key') && webhookId !== undefined) {
        shell.note(`next: delete its webhook at Aircall (dashboard): ${webhookId}`);
      }
      return 0;
    });
  }
}
