/** `call-router accounts disable|enable <id>`. */
import type { Command } from 'commander';
import { ownAccountId } from '../lib/core/account.ts';
import type { AccountId } from '../lib/core/model.ts';
import type { SwitchProblem } from '../lib/use-cases/switch-account.ts';
import { addExample, parseAccountArgument } from './arguments.ts';
import { describeStoreFailure, noSuchAccount } from './failures.ts';
import type { Shell } from './shell.ts';

export function addAccountsSwitch(accounts: Command, shell: Shell): void {
  const help = `
Its data, its credentials and its webhook stay as they are. For the account of the environment, "enabled" in its policy does this.`;
  const disable = accounts
    .command('disable')
    .description('do nothing for a company for the time being: its calls stay with Aircall')
    .argument('<id>', 'as accounts list shows it', parseAccountArgument)
    .addHelpText('after', help)
    .action(shell.action((accountId: AccountId) => switchTo(accountId, 'disabled')));
  addExample(disable, 'accounts disable 90210');

  const enable = accounts
    .command('enable')
    .description('work for a company again that was disabled')
    .argument('<id>', 'as accounts list shows it', parseAccountArgument)
    .action(shell.action((accountId: AccountId) => switchTo(accountId, 'active')));
  addExample(enable, 'accounts enable 90210');

  async function switchTo(accountId: AccountId, status: 'active' | 'disabled') {
    if (accountId === ownAccountId) {
      return shell.refuse(
        `${ownAccountId} is the account of the environment: it is switched by "enabled" in its policy (npx call-router policy get, and: policy put)`,
      );
    }
    return shell.withAccount(accountId, async (operator) => {
      const { switchAccount } = operator.accounts();
      const switched = await switchAccount(accountId, status, operator.deadlineMs());
      if (switched.ok) {
        shell.note(`${accountId} is ${status}; every container knows within a minute`);
        return 0;
      }
      if (switched.failure.reason === 'unchanged') {
        shell.note(`unchanged: ${accountId} is ${status} already`);
        return 0;
      }
      return shell.fail(describe(switched.failure, accountId));
    });
  }
}

function describe(problem: SwitchProblem, accountId: AccountId): string {
  switch (problem.reason) {
    case 'unknown':
      return noSuchAccount(accountId);
    case 'uninstalled':
      return `${accountId} has uninstalled the router: only the company can install it again`;
    case 'changed-meanwhile':
      return 'someone else has changed the account meanwhile; run this again';
    case 'store-unavailable':
    case 'item-unreadable':
      return describeStoreFailure(problem);
    case 'unchanged':
      return 'unchanged';
  }
}
