/**
 * A webhook as the operator sees it: with its token only where that was asked for.
 */

import type { Operator } from '../lib/compose-operator.ts';
import { deliveryPath, hasExactlyOurEvents, type OurTraits } from '../lib/core/choose-webhook.ts';
import type { Webhook } from '../lib/ports.ts';
import { alignColumns } from './columns.ts';
import type { ExitCode, Shell } from './shell.ts';

/** With `--local` only on a stack that runs: the webhooks of one opened for this command would end with it. */
export function withLastingAircall(
  shell: Shell,
  work: (operator: Operator) => Promise<ExitCode>,
): Promise<ExitCode> {
  return shell.withOperator(work, 'running-stack');
}

export function warnOfOtherPath(shell: Shell, url: URL): void {
  if (url.pathname === deliveryPath) return;
  shell.note(`warning: the router takes deliveries at ${deliveryPath}, this URL has another path`);
}

export type WebhookReport = {
  readonly webhookId: string;
  readonly url: string;
  readonly active: boolean;
  readonly events: readonly string[];
  readonly hasExactlyOurEvents: boolean;
  /** Whether the router takes its deliveries as those of the account. */
  readonly isTokenAccepted: boolean;
  readonly token?: string;
};

export function reportWebhook(webhook: Webhook, ours: OurTraits, showToken: boolean): WebhookReport {
  const { webhookId, url, active, events, token } = webhook;
  return {
    webhookId,
    url,
    active,
    events,
    hasExactlyOurEvents: hasExactlyOurEvents(webhook, ours.events),
    isTokenAccepted: ours.tokens.includes(token),
    ...(showToken && { token }),
  };
}

export function formatWebhook(report: WebhookReport): string[] {
  const { webhookId, url, active, events, isTokenAccepted, token } = report;
  return alignColumns([
    ['url', url],
    ['id', webhookId],
    ['active', active ? 'yes' : 'NO, switched off'],
    [
      'events',
      `${events.join(', ')}${report.hasExactlyOurEvents ? ' (exactly ours)' : ' (NOT exactly ours)'}`,
    ],
    ['token', isTokenAccepted ? 'accepted' : 'NOT accepted by the router'],
    ...(token === undefined ? [] : [['token value', token]]),
  ]);
}
