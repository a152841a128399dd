/** `call-router accounts rotate-webhook <id>`: a new webhook token, without a gap. */
import type { Command } from 'commander';
import { newOwnAccount, ownAccountId } from '../lib/core/account.ts';
import type { AccountId } from '../lib/core/model.ts';
import { addExample, parseAccountArgument, parseWebhookUrlArgument } from './arguments.ts';
import { cleanText } from './columns.ts';
import {
  describeAircallFailure,
  describeRenewFailure,
  describeStoreFailure,
  noSuchAccount,
} from './failures.ts';
import type { Shell } from './shell.ts';
import { warnOfOtherPath } from './webhooks.ts';

const help = `
A new webhook is made at Aircall, its token is accepted from then on, and the old webhook is deleted. What Aircall still
repeats of the old one is accepted for a day. A token in AIRCALL_WEBHOOK_TOKENS stays accepted for as long as it is there:
remove it, if it may have leaked.`;

export function addAccountsRotateWebhook(accounts: Command, shell: Shell): void {
  const command = accounts
    .command('rotate-webhook')
    .description("replace a company's webhook, and with it its token, without a gap")
    .argument('<id>', 'as accounts list shows it', parseAccountArgument)
    .option(
      '--url <url>',
      'where the router takes deliveries, if not where the old one delivers',
      parseWebhookUrlArgument,
    )
    .addHelpText('after', help)
    .action(shell.action(rotate));
  addExample(command, 'accounts rotate-webhook default');

  async function rotate(accountId: AccountId, { url }: { readonly url?: URL }) {
    if (url !== undefined) warnOfOtherPath(shell, url);
    return shell.withAccount(
      accountId,
      async (operator) => {
        const { findAccount, listWebhooks, findTraits, renewWebhook } = operator.webhooks();
        const deadlineMs = operator.deadlineMs();
        const found = await findAccount(accountId, deadlineMs);
        if (!found.ok) return shell.fail(describeStoreFailure(found.failure));
        if (found.value === undefined && accountId !== ownAccountId) {
          return shell.fail(noSuchAccount(accountId));
        }
        const listed = await listWebhooks(deadlineMs);
        if (!listed.ok) return shell.fail(describeAircallFailure(listed.failure));
        const traits = await findTraits(listed.value.webhooks, deadlineMs);
        if (!traits.ok) return shell.fail(describeStoreFailure(traits.failure));

        const account = found.value ?? newOwnAccount(operator.now());
        const ours = listed.value.webhooks.filter(({ token }) => traits.value.tokens.includes(token));
        const current = ours.find(({ webhookId }) => webhookId === account.webhookId) ?? ours[0];
        const where = url?.href ?? current?.url;
        if (where === undefined) {
          return shell.fail(
            'no webhook is registered whose token is accepted: say where the router takes deliveries, with --url https://…/aircall/calls',
          );
        }
        const renewed = await renewWebhook(account, where, 'replace', deadlineMs);
        if (!renewed.ok) return shell.fail(describeRenewFailure(renewed.failure));

        const { did, webhook, leftOver } = renewed.value;
        shell.print(
          cleanText(`webhook ${webhook.webhookId} delivers to ${webhook.url}, and its token is accepted`),
        );
        if (did === 'taken-up') shell.note(takenUp);
        for (const webhookId of leftOver) {
          shell.note(`warning: webhook ${webhookId} could not be deleted: run this again`);
        }
        return leftOver.length === 0 ? 0 : 1;
      },
      'running-stack',
    );
  }
}

/** What an earlier try left behind has a new token; what was made in some other way may not. */
const takenUp =
  'note: it was there already, with a token that was not accepted yet; if that token is the one to be replaced, run this again';
