/** `call-router webhook register`: Aircall told where to announce calls. */
import type { Command } from 'commander';
import { deliveryPath } from '../lib/core/choose-webhook.ts';
import type { Webhook } from '../lib/ports.ts';
import type { RegistrationFailure } from '../lib/use-cases/register-webhook.ts';
import { addExample, jsonOption, parseWebhookUrlArgument, showTokenOption } from './arguments.ts';
import { describeAircallFailure } from './failures.ts';
import type { Shell } from './shell.ts';
import { formatWebhook, reportWebhook, withLastingAircall } from './webhooks.ts';

type Options = {
  readonly url: URL;
  readonly new?: boolean;
  readonly showToken?: boolean;
  readonly json?: true;
};

export function addWebhookRegister(webhook: Command, shell: Shell): void {
  const command = webhook
    .command('register')
    .description(
      'create our webhook at Aircall, or switch it on again, for exactly the events the router acts on',
    )
    .requiredOption('--url <url>', 'where the router takes deliveries', parseWebhookUrlArgument)
    .option('--new', 'create another one there, to replace a token: older ones go on delivering')
    .addOption(showTokenOption())
    .addOption(jsonOption())
    .action(shell.action(register));
  addExample(
    command,
    'webhook register --url https://router.example.com/aircall/calls',
    'webhook register --url https://router.example.com/aircall/calls --new --show-token',
  );

  async function register({ url, new: isAnother = false, showToken = false, json }: Options) {
    if (url.pathname !== deliveryPath) {
      shell.note(`warning: the router takes deliveries at ${deliveryPath}, this URL has another path`);
    }
    return withLastingAircall(shell, async (operator) => {
      const { registerWebhook } = operator.webhooks();
      const registered = await registerWebhook(url, isAnother ? 'another' : 'one', operator.deadlineMs());
      if (!registered.ok) return shell.fail(describeFailure(registered.failure, url, isAnother));

      const { did, webhook: ours, others, unreadable } = registered.value;
      const report = reportWebhook(ours, operator.ours, showToken);
      if (json) shell.printJson({ did, ...report });
      else for (const line of [did, ...formatWebhook(report)]) shell.print(line);

      for (const other of others) {
        shell.note(isAnother ? describeOlder(other) : describeOther(other));
      }
      if (unreadable > 0) shell.note(`warning: ${unreadable} webhooks at Aircall could not be read`);
      if (!report.isTokenKnown) for (const line of tokenHelp(url, showToken)) shell.note(line);
      if (ours.active && report.hasExactlyOurEvents) return 0;
      return shell.fail('Aircall took the request, but the webhook is not as it should be');
    });
  }
}

function describeOther({ webhookId }: Webhook): string {
  return `warning: webhook ${webhookId} delivers to this URL too: remove it at Aircall`;
}

function describeOlder({ webhookId, active }: Webhook): string {
  const does = active ? 'goes on delivering to this URL' : 'is at this URL too, switched off';
  return `older: webhook ${webhookId} ${does}; delete it at Aircall (dashboard) once the new token is accepted`;
}

function tokenHelp(url: URL, isTokenShown: boolean): string[] {
  return [
    'The router accepts its deliveries once the token is in AIRCALL_WEBHOOK_TOKENS (with a comma after any other one);',
    'for a deployed router, in the SSM parameter /call-router/<stage>/aircall-webhook-tokens, and deployed again.',
    ...(isTokenShown ? [] : [`To see it: npx call-router webhook status --url ${url.href} --show-token`]),
  ];
}

function describeFailure(failure: RegistrationFailure, url: URL, isAnother: boolean): string {
  const text = describeAircallFailure(failure);
  if (failure.while !== 'creating' || !mayHaveHappened(failure)) return text;

  return isAnother
    ? `${text}; before running this again, see whether it was created: npx call-router webhook status --url ${url.href}`
    : `${text}; run this again: a webhook that was created is found then`;
}

function mayHaveHappened({ reason }: RegistrationFailure): boolean {
  return reason === 'lost-answer' || reason === 'no-answer' || reason === 'unreadable-answer';
}
