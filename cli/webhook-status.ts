/** `call-router webhook status`: whether Aircall announces calls to the router. */
import type { Command } from 'commander';
import { findOurWebhooks } from '../lib/core/choose-webhook.ts';
import { nextCommand } from '../lib/core/next-command.ts';
import { addExample, jsonOption, parseWebhookUrlArgument, showTokenOption } from './arguments.ts';
import { describeAircallFailure, describeStoreFailure } from './failures.ts';
import type { Shell } from './shell.ts';
import { formatWebhook, reportWebhook, type WebhookReport, withLastingAircall } from './webhooks.ts';

type Options = { readonly url?: URL; readonly showToken?: boolean; readonly json?: true };

export function addWebhookStatus(webhook: Command, shell: Shell): void {
  const command = webhook
    .command('status')
    .description('show our webhooks at Aircall')
    .option('--url <url>', 'only those that deliver there', parseWebhookUrlArgument)
    .addOption(showTokenOption())
    .addOption(jsonOption())
    .action(shell.action(status));
  addExample(command, 'webhook status --url https://router.example.com/aircall/calls');

  async function status({ url, showToken = false, json }: Options) {
    return withLastingAircall(shell, async (operator) => {
      const { listWebhooks, findTraits } = operator.webhooks();
      const listed = await listWebhooks(operator.deadlineMs());
      if (!listed.ok) return shell.fail(describeAircallFailure(listed.failure));

      const { webhooks, unreadable } = listed.value;
      const traits = await findTraits(webhooks, operator.deadlineMs());
      if (!traits.ok) return shell.fail(describeStoreFailure(traits.failure));
      const found = findOurWebhooks(webhooks, traits.value, url);
      const reports = found.map((ours) => reportWebhook(ours, traits.value, showToken));
      if (json) shell.printJson(reports);
      else for (const line of reports.flatMap(formatWebhook)) shell.print(line);

      if (unreadable > 0) shell.note(`warning: ${unreadable} webhooks at Aircall could not be read`);
      if (found.length === 0) {
        return shell.fail('no webhook of ours is registered; see: npx call-router webhook register --help');
      }
      const toMend = new Set(
        reports.filter((report) => !isInOrder(report, reports)).map((report) => report.url),
      );
      for (const mendedUrl of toMend)
        shell.note(`→ ${nextCommand(`webhook register --url ${mendedUrl}`, operator.accountId)}`);
      return toMend.size === 0 ? 0 : 1;
    });
  }
}

/** Two at one URL announce each call twice. */
function isInOrder(report: WebhookReport, all: readonly WebhookReport[]): boolean {
  const isAlone = all.filter(({ url }) => url === report.url).length === 1;
  return isAlone && report.active && report.hasExactlyOurEvents && report.isTokenAccepted;
}
