/**
 * A webhook as the operator sees it: with its token only where that was asked for.
 */

import type { Operator } from '../lib/compose-operator.ts';
import { hasExactlyOurEvents, type OurTraits } from '../lib/core/choose-webhook.ts';
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

export type WebhookReport = {
  readonly webhookId: string;
  readonly url: string;
  readonly active: boolean;
  readonly events: readonly string[];
  readonly hasExactlyOurEvents: boolean;
  /** Absent where AIRCALL_WEBHOOK_TOKENS is not set. */
  readonly isTokenKnown?: boolean;
  readonly token?: string;
};

export function reportWebhook(webhook: Webhook, ours: OurTraits, showToken: boolean): WebhookReport {
  const { webhookId, url, active, events, token } = webhook;
  return {
    webhookId,
    url,
    active,
    events,
    hasExactlyOurEvents: hasExactlyOurEvents(webhook),
    ...(ours.tokens.length > 0 && { isTokenKnown: ours.tokens.includes(token) }),
    ...(showToken && { token }),
  };
}

export function formatWebhook(report: WebhookReport): string[] {
  const { webhookId, url, active, events, isTokenKnown, token } = report;
  const knowledge = isTokenKnown ? 'is among AIRCALL_WEBHOOK_TOKENS' : 'is NOT among AIRCALL_WEBHOOK_TOKENS';
  return alignColumns([
    ['url', url],
    ['id', webhookId],
    ['active', active ? 'yes' : 'NO, switched off'],
    [
      'events',
      `${events.join(', ')}${report.hasExactlyOurEvents ? ' (exactly ours)' : ' (NOT exactly ours)'}`,
    ],
    ['token', isTokenKnown === undefined ? 'not compared: AIRCALL_WEBHOOK_TOKENS is not set' : knowledge],
    ...(token === undefined ? [] : [['token value', token]]),
  ]);
}
