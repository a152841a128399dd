/**
 * What a well-behaved queue never shows: refusals, silence, and messages that are none. How timers behave when all is
 * well is in test/contracts.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type AwsClientStub, mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FindAccount } from '../../../lib/account-ports.ts';
import {
  createQueueClient,
  createReceiveRingTimer,
  createStartRingTimer,
  readRingTimer,
} from '../../../lib/adapters/sqs/ring-timers.ts';
import type { Account } from '../../../lib/core/account.ts';
import type { StoreResult } from '../../../lib/core/model.ts';
import { fail, succeed } from '../../../lib/core/result.ts';
import type { RingTimer, Warn } from '../../../lib/ports.ts';
import type { HandleRingTimer } from '../../../lib/use-cases/handle-ring-timer.ts';
import { account, accountId } from '../../accounts.ts';
import { callId, t0 } from '../../builders.ts';

const acme = accountId('acme');
const timer: RingTimer = { callId: callId('812000001'), hop: 0, dueAtMs: t0 + 25_000 };
const url = 'https://sqs.eu-west-1.amazonaws.com/123456789012/ring-timers';
const local = { region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
const unavailable = (detail: string) => ({ ok: false, failure: { reason: 'queue-unavailable', detail } });

describe('starting a ring timer', () => {
  let sqs: AwsClientStub<SQSClient>;
  const client = new SQSClient(local);
  const startRingTimer = createStartRingTimer({ client, url, account: acme, now: () => t0 });

  beforeEach(() => {
    sqs = mockClient(client as never) as unknown as typeof sqs;
  });
  afterEach(() => sqs.restore());

  it('is one message, delayed by whole seconds', async () => {
    sqs.on(SendMessageCommand).resolves({});
    await startRingTimer({ ...timer, dueAtMs: t0 + 24_001 }, t0 + 3000);

    expect(sqs.commandCalls(SendMessageCommand).map(({ args }) => args[0].input)).toEqual([
      {
        QueueUrl: url,
        DelaySeconds: 25,
        MessageBody: '{"version":1,"accountId":"acme","callId":"812000001","hop":0,"dueAtMs":1763851224001}',
      },
    ]);
  });

  it.each([
    { error: Object.assign(new Error('for 812000001'), { name: 'AccessDenied' }), detail: 'AccessDenied' },
    { error: Object.assign(new Error('for 812000001'), { code: 'ECONNREFUSED' }), detail: 'ECONNREFUSED' },
    { error: new Error('for 812000001'), detail: 'Error' },
  ])('fails by name or code, not by message, where the queue refuses: $detail', async ({ error, detail }) => {
    sqs.on(SendMessageCommand).rejects(error);

    expect(await startRingTimer(timer, t0 + 3000)).toEqual(unavailable(detail));
  });

  it('sends nothing where no time is left', async () => {
    expect(await startRingTimer(timer, t0)).toEqual(unavailable('no time left'));
    expect(sqs.calls()).toEqual([]);
  });
});

describe('a queue that does not answer', () => {
  let silent: Server;
  let requests = 0;
  const openClient = (requestMs: number) =>
    createQueueClient(
      { connectMs: 300, requestMs, attempts: 2 },
      { ...local, endpoint: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` },
    );

  beforeEach(async () => {
    requests = 0;
    silent = createServer(() => {
      requests += 1;
    }).listen(0, '127.0.0.1');
    await once(silent, 'listening');
  });
  afterEach(() => {
    silent.closeAllConnections();
    silent.close();
  });

  it('is asked twice, each time for as long as a request may take', async () => {
    const startRingTimer = createStartRingTimer({
      client: openClient(200),
      url,
      account: acme,
      now: () => t0,
    });

    expect(await startRingTimer(timer, t0 + 3000)).toEqual(unavailable('ETIMEDOUT'));
    expect(requests).toBe(2);
  });

  it('is where the environment says, whatever the host in its URL', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_SQS', `http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    const client = createQueueClient({ connectMs: 300, requestMs: 20, attempts: 1 }, local);
    const elsewhere = 'http://127.0.0.1:1/123456789012/ring-timers';

    await createStartRingTimer({ client, url: elsewhere, account: acme, now: () => t0 })(timer, t0 + 3000);

    expect(requests).toBe(1);
    vi.unstubAllEnvs();
  });

  it('is given up at the deadline', async () => {
    const startRingTimer = createStartRingTimer({
      client: openClient(10_000),
      url,
      account: acme,
      now: () => t0,
    });

    expect(await startRingTimer(timer, t0 + 30)).toEqual(unavailable('AbortError'));
  });
});

const message = { version: 1, accountId: 'acme', callId: '812000001', hop: 0, dueAtMs: 1_763_851_225_000 };

describe('reading a ring timer', () => {
  const unreadable = (field: string) => ({
    ok: false,
    failure: { reason: 'message-unreadable', detail: `ring timer: ${field}` },
  });

  it('gives the account, the call, the hop and the time, whatever else is in the message', () => {
    expect(readRingTimer(JSON.stringify({ ...message, more: 'of it' }))).toEqual({
      ok: true,
      value: { accountId: 'acme', ...timer },
    });
  });

  it('takes one that names no account for one of the environment’s: there was no other when it was started', () => {
    expect(readRingTimer(JSON.stringify({ ...message, accountId: undefined }))).toEqual({
      ok: true,
      value: { accountId: 'default', ...timer },
    });
  });

  it.each(['', 'secret', '"secret"', 'null', '[]', '4711', '{'])('takes %j for no timer', (body) => {
    expect(readRingTimer(body)).toEqual(unreadable('body'));
  });

  it.each([
    { field: 'version', value: 2 },
    { field: 'version', value: '1' },
    { field: 'version', value: undefined },
    { field: 'accountId', value: 7 },
    { field: 'accountId', value: null },
    { field: 'callId', value: 812000001 },
    { field: 'callId', value: '' },
    { field: 'callId', value: '812000001#secret' },
    { field: 'callId', value: 'secret#812000001' },
    { field: 'callId', value: undefined },
    { field: 'hop', value: -1 },
    { field: 'hop', value: 0.5 },
    { field: 'hop', value: '0' },
    { field: 'dueAtMs', value: '2025-11-22' },
    { field: 'dueAtMs', value: undefined },
  ])('names the field that is wrong, and not its value: $field is $value', ({ field, value }) => {
    expect(readRingTimer(JSON.stringify({ ...message, [field]: value }))).toEqual(unreadable(field));
  });
});

describe('receiving a ring timer', () => {
  const invocation = { requestId: 'request-1', deadlineMs: t0 + 4000 };
  const body = JSON.stringify(message);
  const company = account({ accountId: acme });

  /** @param found what is known of the account */
  function receiving(
    found: StoreResult<Account | undefined> = succeed(company),
    handled: 'done' | 'try-again' = 'done',
  ) {
    const handleRingTimer = vi.fn<HandleRingTimer>(async () => handled);
    const ports = {
      findAccount: vi.fn<FindAccount>(async () => found),
      handlerOf: vi.fn(() => handleRingTimer),
      warn: vi.fn<Warn>(),
    };
    return { ...ports, handleRingTimer, receiveRingTimer: createReceiveRingTimer(ports) };
  }

  it('hands it on to its account, with the time that there is', async () => {
    const { receiveRingTimer, findAccount, handlerOf, handleRingTimer, warn } = receiving();

    await receiveRingTimer(body, invocation);

    expect(findAccount.mock.calls).toEqual([['acme', 1_763_851_204_000]]);
    expect(handlerOf.mock.calls).toEqual([[company]]);
    expect(handleRingTimer.mock.calls).toEqual([[timer, invocation]]);
    expect(warn.mock.calls).toEqual([]);
  });

  it('warns of one that can’t be read, and lets it go', async () => {
    const { receiveRingTimer, findAccount, handleRingTimer, warn } = receiving();

    await receiveRingTimer('{"version":2}', invocation);

    expect(findAccount.mock.calls).toEqual([]);
    expect(handleRingTimer.mock.calls).toEqual([]);
    expect(warn.mock.calls).toEqual([['queue-trouble', { detail: 'ring timer: version' }]]);
  });

  it('throws where it is to come again, and says nothing of the call', async () => {
    const { receiveRingTimer } = receiving(succeed(company), 'try-again');

    await expect(receiveRingTimer(body, invocation)).rejects.toEqual(
      new Error('the ring timer is to come again'),
    );
  });

  it.each([
    { whose: 'disabled', found: account({ accountId: acme, status: 'disabled' }) },
    { whose: 'uninstalled', found: account({ accountId: acme, status: 'uninstalled' }) },
    { whose: 'gone', found: undefined },
  ])('lets one go whose account is $whose by now', async ({ found }) => {
    const { receiveRingTimer, handleRingTimer, warn } = receiving(succeed(found));

    await receiveRingTimer(body, invocation);

    expect(handleRingTimer.mock.calls).toEqual([]);
    expect(warn.mock.calls).toEqual([]);
  });

  it('has it come again where its account can’t be looked up, and warns', async () => {
    const { receiveRingTimer, handleRingTimer, warn } = receiving(
      fail({ reason: 'store-unavailable', detail: 'ETIMEDOUT' }),
    );

    await expect(receiveRingTimer(body, invocation)).rejects.toEqual(
      new Error('the ring timer is to come again'),
    );
    expect(handleRingTimer.mock.calls).toEqual([]);
    expect(warn.mock.calls).toEqual([
      ['store-trouble', { accountId: 'acme', during: 'finding the account of a call', detail: 'ETIMEDOUT' }],
    ]);
  });

  it('lets it go where its account is damaged, and warns: it would be the next time, too', async () => {
    const { receiveRingTimer, handleRingTimer, warn } = receiving(
      fail({ reason: 'item-unreadable', detail: 'account: status' }),
    );

    await receiveRingTimer(body, invocation);

    expect(handleRingTimer.mock.calls).toEqual([]);
    expect(warn.mock.calls).toEqual([
      [
        'item-unreadable',
        { accountId: 'acme', during: 'finding the account of a call', detail: 'account: status' },
      ],
    ]);
  });
});
