/** What a door may answer, whoever knocks. */
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { expect } from 'vitest';

const refusals: Readonly<Record<number, object>> = {
  400: { error: 'bad request', detail: expect.stringMatching(/^[a-z_.]+: [\w ]+$/i) },
  401: { error: 'unauthorized' },
  413: { error: 'too large', detail: 'body: over 256 KiB' },
};

/**
 * The store and Aircall are in good health: nothing may be put down to them, nor to an error that nobody expected. But a
 * machine with other work may keep them waiting.
 */
const ofOthers = ['internal-error', 'store-unavailable', 'item-unreadable', 'aircall-unavailable'];

const outcomes = ['routed', 'left', 'in-doubt', 'duplicate', 'tracked', 'ignored'];

type Answer = Pick<APIGatewayProxyStructuredResultV2, 'statusCode' | 'body'>;

const wasLate = /"detail":"(TimeoutError|AbortError|ETIMEDOUT|no time left)"/;

/** @param written meanwhile @returns in short what it came to */
export function expectWebhookAnswer({ statusCode = 0, body = '' }: Answer, written: string): string {
  const answer: { outcome?: string; because?: string } = JSON.parse(body);
  if (statusCode !== 200) return expectRefusal(statusCode, answer);

  expect(['outcome', 'callId', 'to', 'because']).toEqual(expect.arrayContaining(Object.keys(answer)));
  expect(outcomes).toContain(answer.outcome);
  if (!wasLate.test(written)) expect(ofOthers).not.toContain(answer.because);
  return `${statusCode} ${answer.outcome}`;
}

/** @returns the same */
export function expectRingToAnswer({ statusCode = 0, body = '' }: Answer): string {
  const answer = JSON.parse(body);
  if (statusCode !== 200) return expectRefusal(statusCode, answer);

  expect([{}, { data: { user_id: 456 } }, { data: { user_id: 457 } }]).toContainEqual(answer);
  return `${statusCode} ${body}`;
}

function expectRefusal(statusCode: number, answer: object): string {
  expect(Object.keys(refusals)).toContain(String(statusCode));
  expect(answer).toEqual(refusals[statusCode]);
  return String(statusCode);
}

/** Every object has what its prototype has: nothing may be put there. */
export function expectCleanPrototypes(): void {
  expect(({} as Record<string, unknown>)['isPolluted']).toBeUndefined();
  for (const { prototype } of [Object, Array, String, Number, Function]) {
    expect(Object.keys(prototype)).toEqual([]);
  }
}
