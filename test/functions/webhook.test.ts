/** The deployed handler, whole, over HTTP to an embedded DynamoDB and a simulated Aircall that can both be made bad. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { handler as webhookHandler } from '../../functions/webhook.ts';
import { createContext, toApiGatewayEvent } from '../../local/lambda.ts';
import { type LocalStack, localWebhookToken, startLocalStack } from '../../local/stack.ts';
import { type FaultyProxy, startFaultyProxy } from '../fakes/faulty-proxy.ts';

const transferRoute = 'POST /v1/calls/:id/transfers';
const callRoute = 'GET /v1/calls/:id';

let stack: LocalStack;
let dynamodb: FaultyProxy;
let handler: typeof webhookHandler;
let written: string[] = [];
let calls = 0;

beforeAll(async () => {
  stack = await startLocalStack();
  dynamodb = await startFaultyProxy(stack.dynamodb.url);
  Object.assign(process.env, stack.environment, { AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url });
  ({ handler } = await import('../../functions/webhook.ts'));
});
afterAll(async () => {
  await dynamodb.close();
  await stack.close();
});

beforeEach(async () => {
  // Everyone is as the simulated Aircall says, and held for nobody.
  await stack.resetAgents();
  written = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      written.push(
        ...String(chunk)
          .split('\n')
          .filter((line) => line !== ''),
      );
      return true;
    });
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  Object.assign(dynamodb, { mode: 'pass', only: /./ });
  dynamodb.operations.length = 0;
  stack.aircall.heal();
  stack.aircall.requests.length = 0;
  stack.aircall.transfers.length = 0;
});

/** A fresh call that Aircall knows of, announced. */
function announce(changes: Record<string, unknown> = {}): { callId: string; body: string } {
  calls += 1;
  const id = 812_100_000 + calls;
  stack.aircall.putCall({ id: String(id) });
  const nowSeconds = Math.floor(Date.now() / 1000);
  const data = {
    id,
    direction: 'inbound',
    status: 'initial',
    started_at: nowSeconds,
    raw_digits: '+44 20 7946 0123',
  };
  const event = { resource: 'call', event: 'call.created', timestamp: nowSeconds, token: localWebhookToken };
  return { callId: String(id), body: JSON.stringify({ ...event, data: { ...data, ...changes } }) };
}

async function deliver(body: string, remainingMs?: number) {
  const startedAtMs = Date.now();
  const answer = await handler(toApiGatewayEvent('/aircall/calls', body), createContext(remainingMs));
  return { status: answer.statusCode, body: JSON.parse(answer.body ?? ''), tookMs: Date.now() - startedAtMs };
}

async function outcomeOf(body: string): Promise<unknown> {
  const answer = await deliver(body);
  expect(answer.status).toBe(200);
  expect(answer.tookMs).toBeLessThan(4_500);
  const { callId: _, ...outcome } = answer.body;
  return outcome;
}

const routed = { outcome: 'routed', to: { kind: 'agent', aircallUserId: 456 }, because: 'assigned-agent' };
const left = (because: string) => ({ outcome: 'left', because });
const inDoubt = (because: string) => ({ outcome: 'in-doubt', because });

describe('a call in steady state', () => {
  it('costs one request to Aircall, the transfer, and four to DynamoDB, two of them at once', async () => {
    await outcomeOf(announce().body);
    await stack.resetAgents();
    stack.aircall.requests.length = 0;
    dynamodb.operations.length = 0;

    const { callId, body } = announce();
    expect(await outcomeOf(body)).toEqual(routed);
    expect(stack.aircall.requests).toEqual([
      { method: 'POST', path: `/v1/calls/${callId}/transfers`, status: 204 },
    ]);
    expect(dynamodb.operations.sort()).toEqual(['Query', 'UpdateItem', 'UpdateItem', 'UpdateItem']);
  });

  it('delivered twenty times at once is transferred once', async () => {
    const { body } = announce();
    const answers = await Promise.all(Array.from({ length: 20 }, () => deliver(body)));
    expect(answers.map((answer) => answer.status)).toEqual(Array(20).fill(200));
    expect(answers.map((answer) => answer.body.outcome).sort()).toEqual([
      ...Array(19).fill('duplicate'),
      'routed',
    ]);
    expect(stack.aircall.transfers).toHaveLength(1);
  });

  it('is one structured line that holds no number, name, e-mail or token, and metrics', async () => {
    const { callId, body } = announce();
    await outcomeOf(body);
    const lines = written.map((line) => JSON.parse(line));
    expect(lines.filter((line) => line.message === 'delivery')).toMatchObject([
      {
        level: 'INFO',
        callId,
        caller: '…23',
        outcome: 'routed',
        because: 'assigned-agent',
        event: 'call.created',
      },
    ]);
    expect(lines.filter((line) => 'Delivery' in line)).toMatchObject([
      { Delivery: 1, outcome: 'routed', decision: 'routed/assigned-agent' },
    ]);
    expect(lines.filter((line) => 'TimeToTransfer' in line)).toHaveLength(1);
    expect(written.join('\n')).not.toMatch(/7946|Zoë|Northwind|jane|0123456789abcdef|local-api/i);
  });

  it('may come as base64', async () => {
    const { body } = announce();
    const event = toApiGatewayEvent('/aircall/calls', Buffer.from(body).toString('base64'), true);
    const answer = await handler(event, createContext());
    expect(JSON.parse(answer.body ?? '')).toMatchObject(routed);
  });
});

describe('what is no authenticated delivery', () => {
  it.each([
    [401, 'no token', () => '{}'],
    [401, 'a token that is no text', () => announce().body.replace(`"${localWebhookToken}"`, '42')],
    [
      401,
      'a token of over 1,024 characters',
      () => announce().body.replace(localWebhookToken, 'f'.repeat(1025)),
    ],
    [400, 'no JSON', () => announce().body.slice(0, -1)],
    [400, 'an empty body', () => ''],
    [400, 'an array', () => `[${announce().body}]`],
    [400, 'data that is no object', () => announce().body.replace(/"data":\{.*\}/, '"data":[]')],
    [413, 'over 256 KiB', () => announce({ raw_digits: 'x'.repeat(256 * 1024) }).body],
  ])('%i for %s, and no request to DynamoDB or Aircall', async (status, _, createBody) => {
    expect((await deliver(createBody())).status).toBe(status);
    expect(dynamodb.operations).toEqual([]);
    expect(stack.aircall.requests).toEqual([]);
  });
});

describe('a token that nobody has', () => {
  const stranger = () => announce().body.replace(localWebhookToken, 'f'.repeat(32));

  it('is looked up once in five seconds, and refused without more work', async () => {
    expect(await deliver(stranger())).toMatchObject({ status: 401, body: { error: 'unauthorized' } });
    expect(await deliver(stranger())).toMatchObject({ status: 401 });
    expect(dynamodb.operations).toEqual(['GetItem']);
    expect(stack.aircall.requests).toEqual([]);
  });

  it('is neither refused nor acted on while the table can not tell', async () => {
    dynamodb.mode = 'reset';
    const body = announce().body.replace(localWebhookToken, 'e'.repeat(32));
    expect(await outcomeOf(body)).toEqual(left('store-unavailable'));
    expect(stack.aircall.requests).toEqual([]);
  });
});

describe('DynamoDB in trouble', () => {
  it.each(['hang', 'reset', 'throttle', 'fail', 'garbage'] as const)(
    'that does "%s": the call is left inside the deadline, and nothing is transferred',
    async (mode) => {
      dynamodb.mode = mode;
      expect(await outcomeOf(announce().body)).toEqual(left('store-unavailable'));
      expect(stack.aircall.requests).toEqual([]);
      expect(written.join('\n')).toContain('StoreUnavailable');
    },
  );

  it('with the claim alone: no transfer', async () => {
    Object.assign(dynamodb, { mode: 'hang', only: /claimedAtMs/ });
    expect(await outcomeOf(announce().body)).toEqual(left('store-unavailable'));
    expect(stack.aircall.transfers).toEqual([]);
  });

  it('with the caller alone: no transfer', async () => {
    Object.assign(dynamodb, { mode: 'hang', only: /Query/ });
    expect(await outcomeOf(announce().body)).toEqual(left('store-unavailable'));
    expect(stack.aircall.transfers).toEqual([]);
  });

  it('after the transfer: routed, though it can not be written down, and not a second time', async () => {
    Object.assign(dynamodb, { mode: 'hang', only: /decisionRecord/ });
    const { body } = announce();
    expect(await outcomeOf(body)).toEqual(routed);
    expect(written.join('\n')).toContain('settle-failed');
    dynamodb.mode = 'pass';
    expect(await outcomeOf(body)).toEqual({ outcome: 'duplicate' });
    expect(stack.aircall.transfers).toHaveLength(1);
  });

  it('with little time left to the Lambda: answered before it ends', async () => {
    dynamodb.mode = 'hang';
    const answer = await deliver(announce().body, 1_000);
    expect(answer.body).toMatchObject(left('store-unavailable'));
    expect(answer.tookMs).toBeLessThan(900);
  });
});

describe('Aircall in trouble', () => {
  // The policy is in memory: what fails is the transfer.
  beforeEach(async () => {
    await deliver(announce().body);
    await stack.resetAgents();
    stack.aircall.transfers.length = 0;
    stack.aircall.requests.length = 0;
    written = [];
  });

  it.each([
    [
      '400, the call ended',
      'call-over',
      { status: 400, body: { error: 'Bad Request', troubleshoot: 'Call already ended' } },
    ],
    ['400', 'transfer-refused', { status: 400, body: { error: 'Bad Request', troubleshoot: 'user_id' } }],
    ['405', 'transfer-refused', { status: 405, body: { error: 'Method Not Allowed', success: false } }],
    ['401', 'aircall-unauthorized', { status: 401, body: { message: 'Unauthorized' } }],
    ['403', 'aircall-forbidden', { status: 403, body: { message: 'Forbidden' } }],
    ['404', 'call-not-found', { status: 404, body: { message: 'Not Found' } }],
    [
      '429 with a pause beyond the deadline',
      'rate-limited',
      { status: 429, headers: { 'retry-after': '30' } },
    ],
  ])('%s: left as %s, after one request', async (_, because, answer) => {
    stack.aircall.failAlways(transferRoute, { kind: 'status', ...answer });
    expect(await outcomeOf(announce().body)).toEqual(left(because));
    expect(stack.aircall.requests).toHaveLength(1);
    expect(written.join('\n').includes('FailedTransfer')).toBe(because !== 'call-over');
    expect(written.join('\n').includes('CredentialsRefused')).toBe(['401', '403'].includes(_));
  });

  it('429 that passes: routed', async () => {
    stack.aircall.failNext(transferRoute, { kind: 'status', status: 429, headers: { 'retry-after': '0' } });
    expect(await outcomeOf(announce().body)).toEqual(routed);
    expect(stack.aircall.transfers).toHaveLength(1);
  });

  it.each(['reset-after-work', 'hang-after-work'] as const)(
    'the answer lost behind the transfer (%s): in doubt, and transferred once',
    async (kind) => {
      stack.aircall.failNext(transferRoute, { kind });
      expect(await outcomeOf(announce().body)).toEqual(inDoubt('call-touched'));
      expect(stack.aircall.transfers).toHaveLength(1);
    },
  );

  it('500 behind the transfer: in doubt, and transferred once', async () => {
    stack.aircall.failNext(transferRoute, { kind: 'status-after-work', status: 500 });
    expect(await outcomeOf(announce().body)).toEqual(inDoubt('call-touched'));
    expect(stack.aircall.transfers).toHaveLength(1);
  });

  it.each([{ kind: 'reset-before-work' }, { kind: 'status', status: 500 }] as const)(
    'the request lost before the transfer ($kind): transferred by a second one',
    async (fault) => {
      stack.aircall.failNext(transferRoute, fault);
      expect(await outcomeOf(announce().body)).toEqual(routed);
      expect(stack.aircall.transfers).toHaveLength(1);
    },
  );

  it.each([{ kind: 'hang' }, { kind: 'delay', delayMs: 2_600 }, { kind: 'status', status: 504 }] as const)(
    'no answer in time ($kind): in doubt, for the transfer may be on its way, and no second one is sent',
    async (fault) => {
      stack.aircall.failNext(transferRoute, fault);
      expect(await outcomeOf(announce().body)).toEqual(inDoubt('answer-lost'));
      expect(stack.aircall.requests.filter(({ path }) => path.endsWith('/transfers'))).toHaveLength(1);
    },
  );

  it('everything lost: in doubt, with at most two requests for a transfer', async () => {
    stack.aircall.failAlways(transferRoute, { kind: 'reset-before-work' });
    expect(await outcomeOf(announce().body)).toEqual(inDoubt('answer-lost'));
    await stack.resetAgents();
    stack.aircall.failAlways(callRoute, { kind: 'status', status: 500 });
    expect(await outcomeOf(announce().body)).toEqual(inDoubt('aircall-unavailable'));
    expect(stack.aircall.requests.filter(({ path }) => path.endsWith('/transfers'))).toHaveLength(3);
  });

  it('hanging on and on: in doubt, inside the deadline', async () => {
    stack.aircall.failAlways(transferRoute, { kind: 'hang' });
    expect(await outcomeOf(announce().body)).toEqual(inDoubt('answer-lost'));
  });
});
