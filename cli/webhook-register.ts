/** `call-router webhook register`: Aircall told where to announce calls. */
import type { Command } from 'commander';
import { deliveryPath } from '../lib/core/choose-webhook.ts';
import type { RegistrationFailure } from '../lib/use-cases/register-webhook.ts';
import { addExample, jsonOption, parseWebhookUrlArgument, showTokenOption } from './arguments.ts';
import { describeAircallFailure } from './failures.ts';
import type { Shell } from './shell.ts';
import { formatWebhook, reportWebhook } from './webhooks.ts';

type Options = { readonly url: URL; readonly showToken?: boolean; readonly json?: true };

export function addWebhookRegister(webhook: Command, shell: Shell): void {
  const command = webhook
    .command('register')
    .description(
      'create our webhook at Aircall, or switch it on again, for exactly the events the router acts on',
    )
    .requiredOption('--url <url>', 'where the router takes deliveries', parseWebhookUrlArgument)
    .addOption(showTokenOption())
    .addOption(jsonOption())
    .action(shell.action(register));
  addExample(command, 'webhook register --url https://router.example.com/aircall/calls');

  async function register({ url, showToken = false, json }: Options) {
    if (url.pathname !== deliveryPath) {
      shell.note(`warning: the router takes deliveries at ${deliveryPath}, this URL has another path`);
    }
    return shell.withOperator(async (operator) => {
      const { registerWebhook } = operator.webhooks();
      const registered = await registerWebhook(url, operator.deadlineMs());
      if (!registered.ok) return shell.fail(describeFailure(registered.failure));

      const { did, webhook: ours, others, unreadable } = registered.value;
      const report = reportWebhook(ours, operator.ours, showToken);
      if (json) shell.printJson({ did, ...report });
      else for (const line of [did, ...formatWebhook(report)]) shell.print(line);

      for (const other of others) {
        shell.note(`warning: webhook ${other.webhookId} delivers to this URL too: remove it at Aircall`);
      }
      if (unreadable > 0) shell.note(`warning: ${unreadable} webhooks at Aircall could not be read`);
      if (!report.isTokenKnown) for (const line of tokenHelp(url, showToken)) shell.note(line);
      if (ours.active && report.hasExactlyOurEvents) return 0;
      return shell.fail('Aircall took the request, but the webhook is not as it should be');
    });
  }
}

function tokenHelp(url: URL, isTokenShown: boolean): string[] {
  return [
    'The router accepts its deliveries once the token is in AIRCALL_WEBHOOK_TOKENS (with a comma after any other one);',
    'for a deployed router, in the SSM parameter /call-router/<stage>/aircall-webhook-tokens, and deployed again.',
    ...(isTokenShown ? [] : [`To see it: npx call-router webhook status --url ${url.href} --show-token`]),
  ];
}

function describeFailure(failure: RegistrationFailure): string {
  const text = describeAircallFailure(failure);
  return failure.while === 'creating' && failure.reason === 'lost-answer'
    ? `${text}; run this again: a webhook that was created is found then`
    : text;
}
