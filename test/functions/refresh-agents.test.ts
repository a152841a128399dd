import { afterAll, beforeAll, expect, it } from 'vitest';
import type { handler as refreshHandler } from '../../functions/refresh-agents.ts';
import { createContext } from '../../local/lambda.ts';
import { type LocalStack, startLocalStack } from '../../local/stack.ts';

let stack: LocalStack;
let handler: typeof refreshHandler;

beforeAll(async () => {
  stack = await startLocalStack();
  Object.assign(process.env, stack.environment, { POWERTOOLS_METRICS_DISABLED: 'true' });
  ({ handler } = await import('../../functions/refresh-agents.ts'));
});
afterAll(() => stack.close());

const refresh = () => handler({}, createContext(60_000));

it('brings the agents in step, writes nothing the second time, and marks who is gone', async () => {
  expect(await refresh()).toEqual({ users: 3, written: 3, gone: 0 });
  expect(await refresh()).toEqual({ users: 3, written: 0, gone: 0 });
  stack.aircall.removeUser(458);
  expect(await refresh()).toEqual({ users: 2, written: 0, gone: 1 });
});

it('reads every page', async () => {
  for (let id = 1000; id < 1060; id += 1) {
    stack.aircall.addUser({ id, name: 'Agent', email: `agent-${id}@example.com` });
  }
  expect(await refresh()).toEqual({ users: 62, written: 60, gone: 0 });
});

it('throws when Aircall refuses, so that the alarm rings, without saying a secret', async () => {
  stack.aircall.failAlways('GET /v2/users', { kind: 'status', status: 403 });
  await expect(refresh()).rejects.toThrow(/^aircall-forbidden: GET \/v2\/users: 403$/);
});
