/**
 * The router as `npm start` serves it: the API over HTTP, the embedded DynamoDB, the queue and its real seconds, and the
 * telephone of the simulated Aircall, which is in another process.
 */
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliveryPath } from '../../lib/core/choose-webhook.ts';
import { findSampleEvent, readSampleEvents, stampBody } from '../../local/sample-events.ts';
import type { StoryEvent } from '../../local/simulated-aircall/story.ts';
import type { PlacedCall } from '../../local/simulated-aircall/telephone-routes.ts';
import { localRingToSecret, localWebhookToken, ringToPath } from '../../local/stack.ts';
import { type NpmStart, npmStart } from './npm-start.ts';
import { placeWatchedCall } from './watched-call.ts';

const ZOE = '+44 20 7946 0123';
const PAUL = '+33 1 99 00 00 07';
/** Assigned to Jane (456), with Jan (457) as her backup. */
const ADA = '+44 20 7946 0177';
const SPOKE_TO_JAN = '+1 202 555 0133';

const folder = mkdtempSync(join(tmpdir(), 'call-router-served-'));
let stack: NpmStart;
beforeAll(async () => {
  stack = await npmStart(folder, {
    ringSeconds: 2,
    // Of the questions to the call flow's door, nobody makes a call that would end.
    reserveSeconds: 1,
    insightCard: { attributes: ['tier'] },
    rules: [{ name: 'everyone', targets: ['assigned', 'backups', 'last-agent'] }],
  });
});
afterAll(async () => {
  await stack?.close();
  rmSync(folder, { recursive: true, force: true });
});

const place = (from: string, more: Partial<PlacedCall> = {}) =>
  placeWatchedCall(stack.aircallUrl, { from, ...more });
const newCallId = () => String(randomInt(3_000_000_000, 2 ** 47));

/** A sample delivery, as of now. */
async function deliver(file: string, change: (body: string) => string = (body) => body): Promise<unknown> {
  const sample = findSampleEvent(readSampleEvents(), file);
  if (sample === undefined) throw new Error(`no sample ${file}`);
  const body = change(stampBody(sample, localWebhookToken, Date.now()));
  const headers = { 'content-type': 'application/json' };
  return (await fetch(stack.url + deliveryPath, { method: 'POST', headers, body })).json();
}
const announce = (callId: string, from: string) =>
  deliver('call-created.known-caller.json', (body) =>
    body.replace(/"id":\d{10,}/, `"id":${callId}`).replace(ZOE, from),
  );

async function askRingTo(body: unknown, authorization: string | undefined = `Bearer ${localRingToSecret}`) {
  const headers = { 'content-type': 'application/json', ...(authorization !== '' && { authorization }) };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(stack.url + ringToPath, { method: 'POST', headers, body: text });
  return { status: response.status, body: await response.json() };
}
const question = (callId: string, caller: string) => ({
  call_id: callId,
  caller_number: caller,
  target_number: '+33 1 99 00 12 34',
});

describe('a call', () => {
  it('that the agent declines goes to the backup, and explain tells so', async () => {
    const call = await place(ADA);
    await call.seeRinging(456);
    await call.decline(456);
    await call.seeRinging(457);
    await call.answer(457);
    await call.seeDelivered('call.answered');
    await call.end();

    expect(await call.transferredTo()).toEqual([456, 457]);
    const explained = await stack.runCli('explain', call.callId);
    expect(explained).toContain('routed to Jane Doe (jane@example.com), Aircall user 456');
    expect(explained).toMatch(/hop 1 .*\(agent-declined\)/);
    expect(explained).toMatch(/hop 1 .*routed to Jan de Vries \(jan@example\.com\), Aircall user 457/);
  });

  it('that nobody takes within ringSeconds goes on to the backup', async () => {
    const call = await place(ADA);
    const first = await call.seeRinging(456);
    const second = await call.seeRinging(457);
    await call.end();

    expect(second.atMs - first.atMs).toBeGreaterThan(1_500);
    expect(await call.transferredTo()).toEqual([456, 457]);
    expect(await stack.runCli('explain', call.callId)).toMatch(/hop 1 .*\(ring-timeout\)/);
  });

  it('whose caller hangs up while the first agent rings goes nowhere after that', async () => {
    const call = await place(ADA);
    // Its timer was started before the announcement was answered.
    expect(await call.seeDelivered('call.created')).toMatchObject({ outcome: 'routed' });
    expect(await stack.hasTimers()).toBe(true);
    await call.end();
    for (let looks = 0; looks < 200 && (await stack.hasTimers()); looks += 1) await sleep(50);

    expect(await stack.hasTimers()).toBe(false);
    expect(await call.transferredTo()).toEqual([456]);
    expect(await stack.runCli('explain', call.callId)).not.toContain('hop 1');
  });

  it('of a caller who is no contact goes to whom they spoke to last', async () => {
    expect(await deliver('call-ended.conversation.json')).toMatchObject({ outcome: 'tracked' });
    const call = await place(SPOKE_TO_JAN);
    expect(await call.seeDelivered('call.created')).toMatchObject({ because: 'last-agent' });
    await call.seeRinging(457);
    await call.end();
  });

  it('shows the agent who is rung who is calling', async () => {
    const call = await place(ADA);
    const card = await call.see('a card', ({ kind }: StoryEvent) => kind === 'card');
    await call.end();

    expect(card.agent).toEqual({ userId: 456, name: 'Jane Doe' });
    expect(card.card).toEqual([
      { type: 'title', text: 'Ada Winter' },
      { type: 'shortText', label: 'Company', text: 'Winterthorn' },
      { type: 'shortText', label: 'tier', text: 'gold' },
      { type: 'shortText', label: 'Why you', text: 'You are the assigned agent.' },
    ]);
  });
});

// What is refused comes first: the caller's wait of a second is not for a function's cold start.
describe('the call flow’s door', () => {
  it.each([
    ['no secret', ''],
    ['a wrong secret', 'Bearer of-somebody-else'],
    ['a secret that is no bearer token', localRingToSecret],
  ])('is closed to %s', async (_, authorization) => {
    expect((await askRingTo(question('4711', ZOE), authorization)).status).toBe(401);
  });

  it.each([
    ['no JSON', 'caller_number=1'],
    ['a body without a call', { caller_number: ZOE }],
  ])('refuses %s', async (_, body) => {
    expect((await askRingTo(body)).status).toBe(400);
  });

  it('names nobody for a caller nobody knows', async () => {
    const callId = newCallId();
    expect(await askRingTo(question(callId, '+1 202 555 0199'))).toEqual({ status: 200, body: {} });
    expect(await stack.runCli('explain', callId)).toContain('(unknown-caller)');
  });

  it('is asked first: the flow rings the agent, the announcement is a duplicate, a decline is the flow’s', async () => {
    const call = await place(ADA, { flow: 'asks-first', distribution: [457] });
    await call.seeRinging(456);
    expect(await call.seeDelivered('call.created')).toMatchObject({ outcome: 'duplicate' });
    await call.decline(456);
    await call.seeDelivered('call.agent_declined');
    await call.seeRinging(457);
    await call.end();
    expect(await call.transferredTo()).toEqual([]);
  });

  it('is asked after the announcement: the call is transferred already, and the flow is told nobody', async () => {
    const call = await place(PAUL, { flow: 'announced-first', distribution: [456] });
    expect(await call.seeDelivered('call.created')).toMatchObject({ outcome: 'routed' });
    const { answer } = await call.see('an answer', ({ kind }: StoryEvent) => kind === 'flow-answer');
    expect(answer).toEqual({ status: 200, text: '{}' });
    await call.end();
    expect(await call.transferredTo()).toEqual([457]);
  });

  it('names the agent, as often as it is asked; the announcement of that call is a duplicate', async () => {
    const callId = newCallId();
    const jane = { status: 200, body: { data: { user_id: 456 } } };
    expect(await askRingTo(question(callId, ZOE))).toEqual(jane);
    expect(await askRingTo(question(callId, ZOE))).toEqual(jane);
    expect(await announce(callId, ZOE)).toEqual({ outcome: 'duplicate', callId });
  });

  it('names nobody for a call whose announcement came first', async () => {
    const callId = newCallId();
    expect(await announce(callId, PAUL)).toMatchObject({ outcome: 'routed', callId });
    expect(await askRingTo(question(callId, PAUL))).toEqual({ status: 200, body: {} });
  });
});
