/** `call-router accounts add <id>`: a company that gave us an API key. */
import type { Command } from 'commander';
import { ownAccountId } from '../lib/core/account.ts';
import type { AccountId } from '../lib/core/model.ts';
import { nextCommand } from '../lib/core/next-command.ts';
import type { InstallFailure } from '../lib/use-cases/install-account.ts';
import { addExample, parseAccountArgument, parseWebhookUrlArgument } from './arguments.ts';
import { cleanText } from './columns.ts';
import { describeInstallFailure, describeRenewFailure } from './failures.ts';
import type { Shell } from './shell.ts';
import { warnOfOtherPath } from './webhooks.ts';

const help = `
The company's API key is read from AIRCALL_API_ID and AIRCALL_API_TOKEN, sealed with the key that SEALING_KEY_ID names, and
stored. Its webhook is registered, and its deliveries are accepted from then on. Run again, with a new API key or after a
failure, it brings the account up to date, with a new webhook token. A company that installs the router as an app is added
by that, under its number at Aircall.`;

export function addAccountsAdd(accounts: Command, shell: Shell): void {
  const command = accounts
    .command('add')
    .description('serve one more company, by an API key of its own')
    .argument('<id>', 'what to call it: a-z, 0-9 and -, at most 40', parseAccountArgument)
    .requiredOption('--url <url>', 'where the router takes deliveries', parseWebhookUrlArgument)
    .addHelpText('after', help)
    .action(shell.action(add));
  addExample(command, 'accounts add lantern --url https://router.example.com/aircall/calls');

  async function add(accountId: AccountId, { url }: { readonly url: URL }) {
    if (accountId === ownAccountId) {
      return shell.refuse(
        `${ownAccountId} is the account of the environment and needs no adding: npx call-router webhook register --help`,
      );
    }
    if (/^\d+$/.test(accountId)) {
      return shell.refuse(
        `${accountId}: digits alone are for companies that install the app, by their id at Aircall`,
      );
    }
    warnOfOtherPath(shell, url);
    return shell.withAccount(
      accountId,
      async (operator) => {
        const addAccount = operator.addAccount((what, detail) =>
          shell.note(`warning: ${what} ${JSON.stringify(detail)}`),
        );
        const added = await addAccount(url.href, operator.deadlineMs());
        if (!added.ok) return shell.fail(describeFailure(added.failure));

        const { account, isNew, leftOver } = added.value;
        shell.print(
          cleanText(`${isNew ? 'added' : 'updated'} ${accountId}: ${account.name}, ${account.status}`),
        );
        for (const webhookId of leftOver) {
          shell.note(`warning: webhook ${webhookId} could not be deleted: run this again`);
        }
        if (account.status === 'disabled') shell.note(`next: npx call-router accounts enable ${accountId}`);
        if (isNew) {
          for (const line of firstSteps) shell.note(`next: ${nextCommand(line, accountId)}`);
        }
        return 0;
      },
      'running-stack',
    );
  }
}

/** The schedules take them, too, in time. */
const firstSteps = ['agents refresh', 'contacts sync'];

function describeFailure({ step, failure }: InstallFailure): string {
  if (step === 'webhook') return describeRenewFailure(failure);
  return `${describeInstallFailure(failure)}; nothing was stored`;
}
