/** `call-router accounts show <id>`. */
import type { Command } from 'commander';
import { newOwnAccount, ownAccountId } from '../lib/core/account.ts';
import type { AccountId } from '../lib/core/model.ts';
import { type AccountReport, reportAccount } from './accounts.ts';
import { addExample, jsonOption, parseAccountArgument } from './arguments.ts';
import { alignColumns, formatTime } from './columns.ts';
import { describeStoreFailure, noSuchAccount } from './failures.ts';
import type { Shell } from './shell.ts';

export function addAccountsShow(accounts: Command, shell: Shell): void {
  const command = accounts
    .command('show')
    .description('show what is known of a company, its secrets left out')
    .argument('<id>', 'as accounts list shows it', parseAccountArgument)
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
      else for (const line of alignColumns(toRows(report))) shell.print(line);
      return 0;
    });
  }
}

function toRows({ accountId, name, status, companyId, webhookId, ...report }: AccountReport): string[][] {
  const { credentials, tokens, installedAtMs, changedAtMs, uninstalledAtMs } = report;
  return [
    ['account', accountId],
    ['name', name],
    ['status', status],
    ['company', companyId ?? '–'],
    ['credentials', credentialTexts[credentials]],
    ['webhook', webhookId ?? '–'],
    ['tokens', tokens === 0 ? 'none in the table' : `${tokens} in the table`],
    ...Object.entries({
      installed: installedAtMs,
      changed: changedAtMs,
      uninstalled: uninstalledAtMs,
    }).flatMap(([label, atMs]) => (atMs === undefined ? [] : [[label, formatTime(atMs)]])),
  ];
}

const credentialTexts: Record<AccountReport['credentials'], string> = {
  environment: 'in the environment',
  sealed: 'sealed in the table',
  none: 'none',
};
