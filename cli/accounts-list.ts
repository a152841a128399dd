/** `call-router accounts list`. */
import type { Command } from 'commander';
import { newOwnAccount, ownAccountId } from '../lib/core/account.ts';
import { reportAccount } from './accounts.ts';
import { addExample, jsonOption } from './arguments.ts';
import { alignColumns, formatTime } from './columns.ts';
import { describeStoreFailure } from './failures.ts';
import type { Shell } from './shell.ts';

export function addAccountsList(accounts: Command, shell: Shell): void {
  const command = accounts
    .command('list')
    .description('list the companies, with the state each is in')
    .addOption(jsonOption())
    .action(shell.action(list));
  addExample(command, 'accounts list');

  async function list({ json }: { readonly json?: true }) {
    return shell.withAccount(undefined, async (operator) => {
      const { hasOwn, listAccounts } = operator.accounts();
      const listed = await listAccounts(operator.deadlineMs());
      if (!listed.ok) return shell.fail(describeStoreFailure(listed.failure));

      const { accounts: stored, unreadable } = listed.value;
      const isOwnMissing = hasOwn && !stored.some(({ accountId }) => accountId === ownAccountId);
      const reports = [...(isOwnMissing ? [newOwnAccount(0)] : []), ...stored].map(reportAccount);
      if (json) shell.printJson(reports);
      else if (reports.length > 0) {
        const rows = reports.map(({ accountId, status, companyId, name, credentials, installedAtMs }) => [
          accountId,
          status,
          companyId ?? '–',
          credentials,
          installedAtMs === undefined ? '–' : formatTime(installedAtMs),
          name,
        ]);
        const header = ['ACCOUNT', 'STATUS', 'COMPANY', 'CREDENTIALS', 'INSTALLED', 'NAME'];
        for (const line of alignColumns([header, ...rows])) shell.print(line);
      }
      if (reports.length + unreadable === 0) shell.note(noAccount);
      if (unreadable === 0) return 0;
      return shell.fail(`accounts that are damaged, or newer than this program: ${unreadable}`);
    });
  }
}

const noAccount =
  'there is no account yet: neither is an API key in the environment, nor has a company installed the router; see: npx call-router accounts add --help';
