/** A conversation ends, and the same number calls again: through the deployed handlers, over one table. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { handler as webhookHandler } from '../../functions/webhook.ts';
import { createContext, toApiGatewayEvent } from '../../local/lambda.ts';
import { type LocalStack, localWebhookToken, startLocalStack } from '../../local/stack.ts';
import { type FaultyProxy, startFaultyProxy } from '../fakes/faulty-proxy.ts';

let stack: LocalStack;
let dynamodb: FaultyProxy;
let handler: typeof webhookHandler;
let calls = 0;

beforeAll(async () => {
  stack = await startLocalStack();
  await stack.setPolicy({ rules: [{ name: 'everyone', targets: ['last-agent', 'assigned', { team: 7 }] }] });
  dynamodb = await startFaultyProxy(stack.dynamodb.url);
  const environment = { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };
  Object.assign(process.env, stack.environment, environment, { AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url });
  ({ handler } = await import('../../functions/webhook.ts'));
});
afterAll(async () => {
  await dynamodb.close();
  await stack.close();
});
beforeEach(async () => {
  await stack.resetAgents();
  dynamodb.operations.length = 0;
});

async function deliver(event: string, rawDigits: string, changes: Record<string, unknown> = {}) {
  calls += 1;
  const id = 812_200_000 + calls;
  stack.aircall.putCall({ id: String(id) });
  const timestamp = Math.floor(Date.now() / 1000);
  const data = { id, direction: 'inbound', started_at: timestamp, raw_digits: rawDigits, ...changes };
  const body = JSON.stringify({ resource: 'call', event, timestamp, token: localWebhookToken, data });
  const answer = await handler(toApiGatewayEvent('/aircall/calls', body), createContext());
  const { callId: _, ...outcome } = JSON.parse(answer.body ?? '');
  return outcome;
}

function endConversation(rawDigits: string, user: object, endedAgoSeconds = 60, talkSeconds = 90) {
  const endedAt = Math.floor(Date.now() / 1000) - endedAgoSeconds;
  const times = { answered_at: endedAt - talkSeconds, ended_at: endedAt };
  return deliver('call.ended', rawDigits, { status: 'done', user, ...times });
}

const jan = { id: 457, email: 'jan@example.com' };
const jane = { id: 456, email: 'jane@example.com' };
const tracked = { outcome: 'tracked', because: 'presence-unchanged' };
const to = (aircallUserId: number, because: string) => ({
  outcome: 'routed',
  to: { kind: 'agent', aircallUserId },
  because,
});
const toTeam = { outcome: 'routed', to: { kind: 'team', teamId: 7 }, because: 'policy-team' };

it('the caller reaches whom they spoke to, contact or not, for as many requests as ever', async () => {
  expect(await endConversation('+1 202 555 0133', jan)).toEqual(tracked);
  dynamodb.operations.length = 0;
  expect(await deliver('call.created', '+1 202 555 0133')).toEqual(to(457, 'last-agent'));
  expect(dynamodb.operations.sort()).toEqual(['Query', 'UpdateItem', 'UpdateItem', 'UpdateItem']);

  await stack.resetAgents();
  await endConversation('+44 20 7946 0123', jan);
  expect(await deliver('call.created', '+44 20 7946 0123')).toEqual(to(457, 'last-agent'));
});

it('the newest conversation counts, in whatever order they are told, and however often', async () => {
  await endConversation('+1 202 555 0134', jane, 10);
  await endConversation('+1 202 555 0134', jan, 500);
  await endConversation('+1 202 555 0134', jan, 500);
  expect(await deliver('call.created', '+1 202 555 0134')).toEqual(to(456, 'last-agent'));
});

it('an agent is known by their login, too', async () => {
  await endConversation('+1 202 555 0135', { id: 457 });
  expect(await deliver('call.created', '+1 202 555 0135')).toEqual(to(457, 'last-agent'));
});

it('a few words, and someone we do not know, are not remembered', async () => {
  await endConversation('+1 202 555 0136', jan, 60, 29);
  expect(await endConversation('+1 202 555 0136', { id: 999 })).toEqual({
    outcome: 'tracked',
    because: 'unknown-agent',
  });
  expect(await deliver('call.created', '+1 202 555 0136')).toEqual(toTeam);
});

it('who has left the company is passed over', async () => {
  await endConversation('+1 202 555 0137', { id: 470, email: 'left@example.com' });
  expect(await deliver('call.created', '+1 202 555 0137')).toEqual(toTeam);
});

it('that it can not be remembered costs the agent nothing', async () => {
  Object.assign(dynamodb, { mode: 'fail', only: /PutItem/ });
  expect(await endConversation('+1 202 555 0138', jan)).toEqual(tracked);
  Object.assign(dynamodb, { mode: 'pass', only: /./ });
  expect(await deliver('call.created', '+1 202 555 0138')).toEqual(toTeam);
});
