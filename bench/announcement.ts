/**
 * A call as Aircall announces it, by the sample delivery of a known caller.
 */
import { readFileSync } from 'node:fs';
import { localWebhookToken } from '../local/stack.ts';

const sample = JSON.parse(
  readFileSync(new URL('../events/call-created.known-caller.json', import.meta.url), 'utf8'),
) as { readonly data: object };

export type Announcement = { readonly callId: string; readonly phone: string; readonly body: string };

let lastCallId = 4_000_000_000;

/** Of a call of its own, that began now. */
export function announce(phone: string): Announcement {
  lastCallId += 1;
  const nowSeconds = Math.floor(Date.now() / 1000);
  const data = { ...sample.data, id: lastCallId, raw_digits: phone, started_at: nowSeconds };
  const body = JSON.stringify({ ...sample, token: localWebhookToken, timestamp: nowSeconds, data });
  return { callId: String(lastCallId), phone, body };
}
