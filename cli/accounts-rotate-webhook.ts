/** `call-router accounts rotate-webhook <id>`: a new webhook token, without a gap. */
import type { Command } from 'commander';
import { newOwnAccount, ownAccountId } from '../lib/core/account.ts';
import type { AccountId } from '../lib/core/model.ts';
import { addExample, parseAccountArgument, parseWebhookUrlArgument } from './arguments.ts';
import {
  describeAircallFailure,
  describeRenewFailure,
  describeStoreFailure,
  noSuchAccount,
} from './failures.ts';
import type { Shell } from './shell.ts';

const help = `
A new webhook is made at Aircall, its token is accepted from then on, and the old webhook is deleted. What Aircall still
repeats of the old one is accepted for a day. A token in AIRCALL_WEBHOOK_TOKENS stays accepted for as long as it is there.`;

export function addAccountsRotateWebhook(accounts: Command, shell: Shell): void {
  const command = accounts
    .command('rotate-webhook')
    .description("replace a company's webhook, and with it its token, without a gap")
    .argument('<id>', 'as the list has it', parseAccountArgument)
    .option(
      '--url <url>',
      'where the router takes deliveries, if not where the old one delivers',
      parseWebhookUrlArgument,
    )
    .addHelpText('after', help)
    .action(shell.action(rotate));
  addExample(command, 'accounts rotate-webhook default');

  async function rotate(accountId: AccountId, { url }: { readonly url?: URL }) {
    return shell.withAccount(
      accountId,
      async (operator) => {
        const { findAccount, listWebhooks, findAccepted, renewWebhook } = operator.webhooks();
        const deadlineMs = operator.deadlineMs();
        const found = await findAccount(accountId, deadlineMs);
        if (!found.ok) return shell.fail(describeStoreFailure(found.failure));
        if (found.value === undefined && accountId !== ownAccountId) {
          return shell.fail(noSuchAccount(accountId));
        }
        const listed = await listWebhooks(deadlineMs);
        if (!listed.ok) return shell.fail(describeAircallFailure(listed.failure));
        const accepted = await findAccepted(listed.value.webhooks, deadlineMs);
        if (!accepted.ok) return shell.fail(describeStoreFailure(accepted.failure));

        const current = listed.value.webhooks.find(({ token }) => accepted.value.includes(token));
        const where = url?.href ?? current?.url;
        if (where === undefined)
          return shell.fail('there is no webhook to replace: say --url https://…/aircall/calls');

        const account = found.value ?? newOwnAccount(operator.now());
        const renewed = await renewWebhook(account, where, 'replace', deadlineMs);
        if (!renewed.ok) return shell.fail(describeRenewFailure(renewed.failure));

        const { webhook, leftOver } = renewed.value;
        shell.print(`webhook ${webhook.webhookId} delivers to ${webhook.url}, and its token is accepted`);
        for (const webhookId of leftOver) {
          shell.note(`warning: webhook ${webhookId} could not be deleted: run this again`);
        }
        return leftOver.length === 0 ? 0 : 1;
      },
      'running-stack',
    );
  }
}
