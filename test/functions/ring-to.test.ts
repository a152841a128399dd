/** The deployed handler, whole, as API Gateway invokes it. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { handler as ringToHandler } from '../../functions/ring-to.ts';
import { createContext, toApiGatewayEvent } from '../../local/lambda.ts';
import { type LocalStack, localRingToSecret, startLocalStack } from '../../local/stack.ts';

let stack: LocalStack;
let handler: typeof ringToHandler;
let calls = 812_000_000;

beforeAll(async () => {
  stack = await startLocalStack();
  Object.assign(process.env, stack.environment, {
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  });
  ({ handler } = await import('../../functions/ring-to.ts'));
});
afterAll(() => stack.close());

const known = '+44 20 7946 0123';
async function ask(body: unknown, authorization: string | undefined = `Bearer ${localRingToSecret}`) {
  const event = toApiGatewayEvent('/aircall/ring-to', typeof body === 'string' ? body : JSON.stringify(body));
  const headers = { ...event.headers, ...(authorization !== undefined && { authorization }) };
  const answer = await handler({ ...event, headers }, createContext());
  return { status: answer.statusCode, body: JSON.parse(answer.body ?? '') };
}
const question = (caller_number = known) => {
  calls += 1;
  return { call_id: calls, caller_number, target_number: '+33 1 99 00 12 34' };
};

it('names the caller’s agent, and makes no request to Aircall', async () => {
  await stack.resetAgents();
  expect(await ask(question())).toEqual({ status: 200, body: { data: { user_id: 456 } } });
  expect(stack.aircall.requests).toEqual([]);
});

it('names nobody for a caller nobody knows', async () => {
  expect(await ask(question('+1 202-555-0199'))).toEqual({ status: 200, body: {} });
});

it.each([[''], ['Bearer wrong'], ['Basic bG9jYWw6bG9jYWw=']])('is told nothing with "%s"', async (secret) => {
  expect(await ask(question(), secret)).toEqual({ status: 401, body: { error: 'unauthorized' } });
});

it('says which field is wrong', async () => {
  expect(await ask({ call_id: 'abc' })).toEqual({
    status: 400,
    body: { error: 'bad request', detail: 'call_id: not as the flow should send it' },
  });
  expect(await ask('{')).toMatchObject({ status: 400 });
  expect(await ask('x'.repeat(300_000))).toMatchObject({ status: 413 });
});

describe('in trouble', () => {
  it('with no time left, the flow gets its fallback', async () => {
    const event = toApiGatewayEvent('/aircall/ring-to', JSON.stringify(question()));
    const headers = { authorization: `Bearer ${localRingToSecret}` };
    const { statusCode, body } = await handler({ ...event, headers }, createContext(90));
    expect([statusCode, body]).toEqual([200, '{}']);
  });
});

it('is woken for nothing', async () => {
  const { statusCode, body } = await handler({ wakeUp: true }, createContext());
  expect([statusCode, body]).toEqual([200, '{}']);
  expect(stack.aircall.requests).toEqual([]);
});

it.each([
  ['without a secret', { RING_TO_SECRET: ' , ' }],
  [
    'where the environment has no account of its own',
    { AIRCALL_API_ID: '', AIRCALL_API_TOKEN: '', SEALING_KEY_FILE: '.local/sealing.key' },
  ],
])('%s the door is closed', async (_, settings) => {
  vi.resetModules();
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  const { handler: closed } = await import('../../functions/ring-to.ts');
  const answer = await closed(toApiGatewayEvent('/aircall/ring-to', '{}'), createContext());
  expect([answer.statusCode, answer.body]).toEqual([404, '{"error":"not found"}']);
  vi.unstubAllEnvs();
});
