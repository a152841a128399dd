/** `call-router accounts show <id>`. */
import type { Command } from 'commander';
import { newOwnAccount, ownAccountId } from '../lib/core/account.ts';
import type { AccountId } from '../lib/core/model.ts';
import { reportAccount } from './accounts.ts';
import { addExample, jsonOption, parseAccountArgument } from './arguments.ts';
import { alignColumns } from './columns.ts';
import { describeStoreFailure, noSuchAccount } from './failures.ts';
import type { Shell } from './shell.ts';

export function addAccountsShow(accounts: Command, shell: Shell): void {
  const command = accounts
    .command('show')
    .description('show what is known of a company, its secrets left out')
    .argument('<id>', 'as the list has it', parseAccountArgument)
    .addOption(jsonOption())
    .action(shell.action(show));
  addExample(command, 'accounts show 90210');

  async function show(accountId: AccountId, { json }: { readonly json?: true }) {
    return shell.withAccount(accountId, async (operator) => {
      const { hasOwn, findAccount } = operator.accounts();
      const found = await findAccount(accountId, operator.deadlineMs());
      if (!found.ok) return shell.fail(describeStoreFailure(found.failure));

      const account = found.value ?? (hasOwn && accountId === ownAccountId ? newOwnAccount(0) : undefined);
      if (account === undefined) return shell.fail(noSuchAccount(accountId));
      const report = reportAccount(account);
      if (json) shell.printJson(report);
      else {
        const rows = Object.entries(report).map(([key, value]) => [labels[key] ?? key, String(value)]);
        for (const line of alignColumns(rows)) shell.print(line);
      }
      return 0;
    });
  }
}

const labels: Readonly<Record<string, string>> = {
  accountId: 'account',
  companyId: 'company',
  webhookId: 'webhook',
  installedAt: 'installed',
  changedAt: 'changed',
  uninstalledAt: 'uninstalled',
};
