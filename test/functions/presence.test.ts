/** Deliveries that tell of an agent, through the deployed handler to an embedded DynamoDB. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { handler as webhookHandler } from '../../functions/webhook.ts';
import { createContext, toApiGatewayEvent } from '../../local/lambda.ts';
import { type LocalStack, localWebhookToken, startLocalStack } from '../../local/stack.ts';
import { callId, email } from '../builders.ts';
import { openStore } from './store.ts';

let stack: LocalStack;
let handler: typeof webhookHandler;
let store: ReturnType<typeof openStore>;

beforeAll(async () => {
  stack = await startLocalStack();
  Object.assign(process.env, stack.environment, {
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  });
  store = openStore();
  ({ handler } = await import('../../functions/webhook.ts'));
});
afterAll(() => stack.close());
beforeEach(() => stack.resetAgents());

const soon = () => Date.now() + 10_000;
/** From here on, seconds count: those of Aircall's events. */
const nowSeconds = () => Math.floor(Date.now() / 1000);

async function deliver(event: string, data: object, timestamp = nowSeconds()) {
  const body = { resource: event.split('.')[0], event, timestamp, token: localWebhookToken, data };
  const request = toApiGatewayEvent('/aircall/calls', JSON.stringify(body));
  const answer = await handler(request, createContext());
  expect(answer.statusCode).toBe(200);
  return JSON.parse(answer.body ?? '');
}

const jane = { id: 456, name: 'Jane Doe', email: 'Jane@example.com', available: true };
const call = (changes: object = {}) => ({
  id: 812000001,
  direction: 'inbound',
  status: 'answered',
  started_at: nowSeconds() - 10,
  user: jane,
  ...changes,
});
const tracked = (because: string) => ({ outcome: 'tracked', because });

async function findJane() {
  const found = await store.findAgent(email('jane@example.com'), soon());
  return found.ok ? found.value : undefined;
}
const presenceOfJane = async () => (await findJane())?.presence?.presence;

describe('an agent', () => {
  it('is what the events of a day make them', async () => {
    const second = nowSeconds();
    const dials = call({ id: 812000002, direction: 'outbound', status: 'initial', started_at: second });
    const day: [event: string, data: object, presence: string | undefined][] = [
      ['user.closed.v2', jane, 'do_not_disturb'],
      ['user.disconnected.v2', jane, 'offline'],
      ['user.connected', jane, 'do_not_disturb'],
      ['user.opened', jane, 'available'],
      ['call.ringing_on_agent', call({ status: 'initial' }), 'available'],
      ['call.answered', call(), 'in_call'],
      ['call.hungup', call({ status: 'done' }), 'available'],
      ['user.wut_start', jane, 'after_call_work'],
      ['call.ended', call({ status: 'done' }), 'after_call_work'],
      ['user.wut_end', jane, 'available'],
      ['call.created', dials, 'in_call'],
      ['call.answered', { ...dials, status: 'answered' }, 'in_call'],
      ['call.transferred', { ...dials, status: 'answered' }, 'available'],
      ['call.unsuccessful_transfer', { ...dials, status: 'answered', answered_at: second }, 'in_call'],
      ['call.external_transferred', { ...dials, status: 'answered' }, 'available'],
      ['call.answered', { ...dials, status: 'answered', answered_at: second }, 'in_call'],
      ['call.ended', { ...dials, status: 'done', ended_at: second + 17 }, 'available'],
    ];
    const seen: unknown[] = [];
    for (const [index, [event, data]] of day.entries()) {
      await deliver(event, data, second + index);
      seen.push([event, await presenceOfJane()]);
    }
    expect(seen).toEqual(day.map(([event, , presence]) => [event, presence]));
  });

  it('who closed and opened again is available, whichever of it comes first, and however often', async () => {
    const second = nowSeconds();
    expect(await deliver('user.opened', jane, second + 2)).toEqual(tracked('presence-unchanged'));
    expect(await deliver('user.closed', jane, second + 1)).toEqual(tracked('presence-unchanged'));
    expect(await deliver('user.closed.v2', jane, second + 1)).toEqual(tracked('presence-unchanged'));
    expect(await presenceOfJane()).toBe('available');

    expect(await deliver('user.closed', jane, second + 3)).toEqual(tracked('presence-changed'));
    expect(await deliver('user.closed', jane, second + 3)).toEqual(tracked('presence-unchanged'));
    expect(await presenceOfJane()).toBe('do_not_disturb');
  });

  it('is in no call whose end overtook its answer', async () => {
    const second = nowSeconds();
    await deliver('call.hungup', call({ status: 'done', ended_at: second + 2 }));
    expect(await deliver('call.answered', call({ answered_at: second + 1 }))).toEqual({
      ...tracked('presence-unchanged'),
      callId: '812000001',
    });
    expect(await presenceOfJane()).toBe('available');
  });

  it('who is handed a call is in it, though they were found free since its first answer', async () => {
    const second = nowSeconds();
    await deliver('call.answered', call({ answered_at: second - 300 }), second);
    expect(await presenceOfJane()).toBe('in_call');
  });

  it('whose last call is announced as ended stays in the next', async () => {
    const second = nowSeconds();
    await store.trackPresence(
      email('jane@example.com'),
      { kind: 'checked', presence: 'in_call', atMs: (second + 5) * 1000 },
      soon(),
    );
    await deliver('call.ended', call({ status: 'done', ended_at: second }), second + 30);
    expect(await presenceOfJane()).toBe('in_call');
  });

  it('whom we do not know changes nothing', async () => {
    expect(await deliver('user.connected', { ...jane, id: 999 })).toEqual(tracked('unknown-agent'));
  });

  it('is not believed from tomorrow', async () => {
    expect(await deliver('user.closed', jane, nowSeconds() + 86_400)).toEqual(
      tracked('presence-from-the-future'),
    );
    expect(await presenceOfJane()).toBe('available');
  });
});

describe('an agent held for a call', () => {
  const rules = {
    routeToAgentIn: ['available'],
    presenceTrustedForMs: 600_000,
    reserveForMs: 20_000,
  } as const;
  beforeEach(async () => {
    await store.reserveAgent(email('jane@example.com'), callId('812000001'), rules, soon());
    expect((await findJane())?.hold).toBeDefined();
  });

  it.each(['call.answered', 'call.agent_declined', 'call.hungup', 'call.ended'])(
    'is let go by %s',
    async (event) => {
      await deliver(event, call());
      expect((await findJane())?.hold).toBeUndefined();
    },
  );

  it.each([
    'call.ringing_on_agent',
    'call.transferred',
    'call.external_transferred',
    'call.unsuccessful_transfer',
    'call.hold',
  ])('stays held through %s while it rings', async (event) => {
    await deliver(event, call({ status: 'initial' }));
    expect((await findJane())?.hold).toMatchObject({ callId: '812000001' });
  });

  it('stays held through the end of another call', async () => {
    await deliver('call.ended', call({ id: 812000009 }));
    expect((await findJane())?.hold).toMatchObject({ callId: '812000001' });
  });
});
