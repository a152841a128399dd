import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { handler as refreshHandler } from '../../functions/refresh-agents.ts';
import { routedEvents } from '../../lib/core/choose-webhook.ts';
import { createContext } from '../../local/lambda.ts';
import { type LocalStack, startLocalStack } from '../../local/stack.ts';
import { callId, email, userId } from '../builders.ts';
import { openStore } from './store.ts';

let stack: LocalStack;
let webhookId: string;
let handler: typeof refreshHandler;

beforeAll(async () => {
  stack = await startLocalStack({ knowsAgents: false });
  Object.assign(process.env, stack.environment, { POWERTOOLS_METRICS_DISABLED: 'true' });
  webhookId = stack.addWebhook('https://router.example.com/aircall/calls');
  ({ handler } = await import('../../functions/refresh-agents.ts'));
});
afterAll(() => stack.close());
afterEach(() => vi.unstubAllEnvs());

const soon = () => Date.now() + 10_000;
const webhook = { webhook: 'there', mended: 0, missedCalls: 0 };
/** Of the one account there is. */
const refresh = async () => {
  const { default: ours, ...others } = await handler({}, createContext(60_000));
  expect(others).toEqual({});
  return ours;
};

it('brings the agents in step, writes nothing the second time, and marks who is gone', async () => {
  const checked = { presences: 3, corrected: 0, ...webhook };
  expect(await refresh()).toEqual({ users: 3, written: 3, gone: 0, ...checked });
  expect(await refresh()).toEqual({ users: 3, written: 0, gone: 0, ...checked });
  stack.aircall.removeUser(458);
  expect(await refresh()).toEqual({ users: 2, written: 0, gone: 1, presences: 2, corrected: 0, ...webhook });
});

it('ends the call whose end never came, and keeps who said so', async () => {
  const { trackPresence, findAgent } = openStore();
  const answered = { kind: 'call-answered', callId: callId('812000001'), atMs: Date.now() - 5000 } as const;
  await trackPresence(userId(457), answered, soon());
  expect(await findAgent(email('jan@example.com'), soon())).toMatchObject({
    value: { presence: { presence: 'available' } },
  });

  await trackPresence(userId(457), { ...answered, atMs: Date.now() }, soon());
  const before = await findAgent(email('jan@example.com'), soon());
  expect(before).toMatchObject({ value: { presence: { presence: 'in_call', source: 'event' } } });

  // An event is young for its whole second.
  await new Promise((resolve) => setTimeout(resolve, 1100));
  expect(await refresh()).toEqual({ users: 2, written: 0, gone: 0, presences: 2, corrected: 1, ...webhook });
  expect(await findAgent(email('jan@example.com'), soon())).toMatchObject({
    value: { presence: { presence: 'available', source: 'check' } },
  });
});

describe('the webhook', () => {
  const registered = () => stack.aircall.webhooks().find((one) => one.webhookId === webhookId);

  it('that Aircall switched off is on again, for exactly our events', async () => {
    stack.aircall.deactivateWebhook(webhookId);
    expect(await refresh()).toMatchObject({ webhook: 'there', mended: 1 });
    expect(registered()).toMatchObject({ active: true, events: routedEvents });
    expect(await refresh()).toMatchObject(webhook);
  });

  it('has the calls recorded that nobody announced, for the operator to list', async () => {
    const { saveWebhookSeen, listCalls, findCall } = openStore();
    const nowMs = Date.now();
    const ago = (minutes: number) => nowMs - minutes * 60_000;
    await saveWebhookSeen({ announcedAtMs: ago(10), missedUntilMs: ago(2) }, soon());
    const put = (id: string, minutes: number) =>
      stack.aircall.putCall({ id, status: 'done', startedAtSeconds: Math.floor(ago(minutes) / 1000) });
    put('812000101', 11);
    put('812000102', 5);
    put('812000103', 1);

    expect(await refresh()).toMatchObject({ ...webhook, missedCalls: 1 });
    expect(await refresh()).toMatchObject(webhook);
    const query = { sinceMs: ago(1), limit: 10, outcome: 'left', because: 'webhook-was-off' };
    expect(await listCalls(query, soon())).toMatchObject({ value: { calls: [{ callId: '812000102' }] } });
    expect(await findCall(callId('812000102'), soon())).toMatchObject({
      value: {
        settled: {
          record: {
            caller: { kind: 'identified', phone: '+12025550123' },
            callStartedAtMs: Math.floor(ago(5) / 1000) * 1000,
            decision: { outcome: 'left', because: 'webhook-was-off' },
          },
        },
      },
    });
  });
});

it('throws when the webhooks can not be listed, with the agents refreshed all the same', async () => {
  stack.aircall.addUser({ id: 2001, name: 'Nia Roberts', email: 'nia.roberts@example.com' });
  stack.aircall.failAlways('GET /v1/webhooks', { kind: 'status', status: 403 });
  await expect(refresh()).rejects.toThrow(/^default: webhook: aircall-forbidden: GET \/v1\/webhooks: 403$/);
  expect(await openStore().findAgent(email('nia.roberts@example.com'), soon())).toMatchObject({
    value: { aircallUserId: 2001 },
  });
  stack.aircall.heal();
  stack.aircall.removeUser(2001);
  expect(await refresh()).toMatchObject({ users: 2, gone: 1 });
});

it('throws when the table is away: no token can be looked up, nor what was seen, nor an agent', async () => {
  vi.resetModules();
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', 'http://127.0.0.1:1');
  const elsewhere = { url: 'https://elsewhere.example.com', token: 'of-another', customName: 'another' };
  stack.aircall.addWebhook({ ...elsewhere, events: ['call.created'] });
  const { handler: cutOff } = await import('../../functions/refresh-agents.ts');
  await expect(cutOff({}, createContext(60_000))).rejects.toThrow(
    /^default: webhook: store-unavailable: ECONNREFUSED; store-unavailable: ECONNREFUSED; store-unavailable: ECONNREFUSED \(all the same: agents written 0, gone 0; presences checked 0, corrected 0\); the list of accounts: ECONNREFUSED$/,
  );
});

it('reads every page', async () => {
  for (let id = 1000; id < 1060; id += 1) {
    stack.aircall.addUser({ id, name: 'Agent', email: `agent-${id}@example.com` });
  }
  expect(await refresh()).toEqual({
    users: 62,
    written: 60,
    gone: 0,
    presences: 62,
    corrected: 0,
    ...webhook,
  });
});

it('throws when Aircall refuses, so that the alarm rings, without saying a secret', async () => {
  stack.aircall.failAlways('GET /v2/users', { kind: 'status', status: 403 });
  await expect(refresh()).rejects.toThrow(
    /^default: aircall-forbidden: GET \/v2\/users: 403 \(all the same: agents written 0, gone 0; presences checked 62, corrected 0\)$/,
  );
});

it('throws when the presences can not be had, with the users refreshed all the same', async () => {
  stack.aircall.heal();
  stack.aircall.addUser({ id: 2000, name: 'Nia Roberts', email: 'nia@example.com' });
  stack.aircall.failAlways('GET /v1/users/availabilities', { kind: 'status', status: 500 });
  await expect(refresh()).rejects.toThrow(
    /^default: aircall-unavailable: GET \/v1\/users\/availabilities: 500 \(all the same: agents written 1, gone 0; presences checked 0, corrected 0\)$/,
  );
  expect(await openStore().findAgent(email('nia@example.com'), soon())).toMatchObject({
    value: { aircallUserId: 2000 },
  });
});
