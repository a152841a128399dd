/** The first refresh of a new account: two functions that Lambda runs when it can. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type AwsClientStub, mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createLambdaClient,
  createStartFirstRefresh,
} from '../../../lib/adapters/lambda/start-first-refresh.ts';
import { accountId } from '../../accounts.ts';
import { t0 } from '../../builders.ts';

const tidewater = accountId('90210');
const functionNames = ['call-router-prod-refreshAgents', 'call-router-prod-syncContacts'];
const local = { region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
const failed = (detail: string) => ({ ok: false, failure: { reason: 'start-failed', detail } });

describe('a first refresh', () => {
  let lambda: AwsClientStub<LambdaClient>;
  const client = new LambdaClient(local);
  const start = (deadlineMs = t0 + 3000) =>
    createStartFirstRefresh(client, functionNames, () => t0)(tidewater, deadlineMs);
  const started = () => lambda.commandCalls(InvokeCommand).map(({ args }) => args[0].input);

  beforeEach(() => {
    lambda = mockClient(client);
  });
  afterEach(() => lambda.restore());

  it('is both functions, for the account alone, and nobody waits for them', async () => {
    lambda.on(InvokeCommand).resolves({ StatusCode: 202 });

    expect(await start()).toEqual({ ok: true, value: undefined });
    expect(started()).toEqual([
      {
        FunctionName: 'call-router-prod-refreshAgents',
        InvocationType: 'Event',
        Payload: '{"accountId":"90210"}',
      },
      {
        FunctionName: 'call-router-prod-syncContacts',
        InvocationType: 'Event',
        Payload: '{"accountId":"90210"}',
      },
    ]);
  });

  it.each(functionNames)(
    'has failed where %s was not taken; the other one was asked for, too',
    async (name) => {
      lambda.on(InvokeCommand).resolves({ StatusCode: 202 });
      lambda
        .on(InvokeCommand, { FunctionName: name })
        .rejects(Object.assign(new Error('for 90210'), { name: 'TooManyRequestsException' }));

      expect(await start()).toEqual(failed('TooManyRequestsException'));
      expect(started()).toHaveLength(2);
    },
  );

  it.each([
    { error: Object.assign(new Error('for 90210'), { code: 'ECONNREFUSED' }), detail: 'ECONNREFUSED' },
    { error: Object.assign(new RangeError('for 90210'), { code: 22 }), detail: 'RangeError' },
    { error: new Error('for 90210'), detail: 'Error' },
  ])('fails by name or code, not by message: $detail', async ({ error, detail }) => {
    lambda.on(InvokeCommand).rejects(error);

    expect(await start()).toEqual(failed(detail));
  });

  it('fails by type alone where something else than an error is thrown', async () => {
    lambda.callsFake(() => Promise.reject('for 90210'));

    expect(await start()).toEqual(failed('string'));
  });

  it('is not asked for without time left', async () => {
    expect(await start(t0)).toEqual(failed('no time left'));
    expect(started()).toEqual([]);
  });
});

describe('a Lambda that does not answer', () => {
  let silent: Server;
  let requests: number;
  const startAt = (requestMs: number, deadlineMs: number) => {
    const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const client = createLambdaClient({ connectMs: 300, requestMs, attempts: 2 }, { ...local, endpoint });
    return createStartFirstRefresh(client, functionNames, () => t0)(tidewater, deadlineMs);
  };

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

  it('is asked twice for each function, each time for as long as a request may take', async () => {
    expect(await startAt(20, t0 + 10_000)).toEqual(failed('ETIMEDOUT'));
    expect(requests).toBe(4);
  });

  it('is given up at the deadline', { timeout: 5000 }, async () => {
    expect(await startAt(60_000, t0 + 100)).toEqual(failed('AbortError'));
  });
});
