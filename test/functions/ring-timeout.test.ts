/** The deployed handler, whole, as the queue invokes it. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { handler as ringTimeoutHandler } from '../../functions/ring-timeout.ts';
import { createContext, toSqsEvent } from '../../local/lambda.ts';
import { type LocalStack, startLocalStack } from '../../local/stack.ts';

let stack: LocalStack;
let handler: typeof ringTimeoutHandler;
let written: string[] = [];

beforeAll(async () => {
  stack = await startLocalStack();
  Object.assign(process.env, stack.environment);
  ({ handler } = await import('../../functions/ring-timeout.ts'));
});
afterAll(() => stack.close());

beforeEach(() => {
  written = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      written.push(...String(chunk).split('\n').filter(Boolean));
      return true;
    });
  }
});
afterEach(() => vi.restoreAllMocks());

it('takes a timer without a word', async () => {
  const timer = { version: 1, callId: '812000001', hop: 0, dueAtMs: Date.now() };

  await handler(toSqsEvent(JSON.stringify(timer)), createContext());

  expect(written).toEqual([]);
});

it('takes what it can’t read, too, so that it does not come again; with a warning that has an alarm', async () => {
  await handler(toSqsEvent('{"version":2,"callId":"secret"}'), createContext());

  const lines = written.map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { level: 'WARN', message: 'queue-trouble', detail: 'ring timer: version' },
    { QueueTrouble: 1 },
  ]);
  expect(written.join()).not.toContain('secret');
});

it('does not start without its queue, and says which variable is missing', async () => {
  vi.resetModules();
  vi.stubEnv('RING_TIMERS_QUEUE_URL', '');

  await expect(import('../../functions/ring-timeout.ts')).rejects.toThrow('RING_TIMERS_QUEUE_URL is not set');
  vi.unstubAllEnvs();
});
