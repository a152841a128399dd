/** `call-router webhook register`: Aircall told where to announce calls, and its token accepted. */
import type { Command } from 'commander';
import { newOwnAccount } from '../lib/core/account.ts';
import { eventsFor } from '../lib/core/choose-webhook.ts';
import type { Renewed } from '../lib/use-cases/renew-webhook.ts';
import { addExample, jsonOption, parseWebhookUrlArgument } from './arguments.ts';
import { describeRenewFailure, describeStoreFailure } from './failures.ts';
import type { Shell } from './shell.ts';
import { formatWebhook, reportWebhook, warnOfOtherPath, withLastingAircall } from './webhooks.ts';

type Options = { readonly url: URL; readonly json?: true };

const help = `
The token of the webhook is accepted at once: there is nothing to copy. Run again, it keeps the webhook, sets its events
right and switches it on; one at the URL whose token nobody accepts yet is taken up. Others at the same URL are deleted:
each would announce every call once more. For a new token: npx call-router accounts rotate-webhook default.`;

export function addWebhookRegister(webhook: Command, shell: Shell): void {
  const command = webhook
    .command('register')
    .description(
      'create our webhook at Aircall, or switch it on again, for exactly the events the router acts on',
    )
    .requiredOption('--url <url>', 'where the router takes deliveries', parseWebhookUrlArgument)
    .addOption(jsonOption())
    .addHelpText('after', help)
    .action(shell.action(register));
  addExample(command, 'webhook register --url https://router.example.com/aircall/calls');

  async function register({ url, json }: Options) {
    warnOfOtherPath(shell, url);
    return withLastingAircall(shell, async (operator) => {
      const { findAccount, renewWebhook } = operator.webhooks();
      const { accountId, name, deadlineMs, now } = operator;
      const found = await findAccount(accountId, deadlineMs());
      if (!found.ok) return shell.fail(describeStoreFailure(found.failure));

      const account = found.value ?? newOwnAccount(now());
      const renewed = await renewWebhook(account, url.href, 'keep', deadlineMs());
      if (!renewed.ok) return shell.fail(describeRenewFailure(renewed.failure));

      const { did, webhook: ours, leftOver } = renewed.value;
      const report = reportWebhook(
        ours,
        { name, tokens: [ours.token], events: eventsFor(account.letInBy) },
        false,
      );
      if (json) shell.printJson({ did, ...report });
      else for (const line of [didTexts[did], ...formatWebhook(report)]) shell.print(line);

      for (const webhookId of leftOver) {
        shell.note(
          `warning: webhook ${webhookId} delivers to this URL too, and could not be deleted: run this again`,
        );
      }
      if (ours.active && report.hasExactlyOurEvents) return 0;
      return shell.fail('Aircall took the request, but the webhook is not as it should be');
    });
  }
}

const didTexts: Record<Renewed['did'], string> = {
  kept: 'kept',
  'taken-up': 'taken up',
  created: 'created',
};
