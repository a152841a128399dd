/** Credentials sealed by AWS KMS: what it is asked, and what its refusals come to. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { type AwsClientStub, mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOpenCredentials, createSealCredentials, type Kms } from '../../../lib/adapters/sealing/kms.ts';
import { accountId } from '../../accounts.ts';
import { t0 } from '../../builders.ts';

const acme = accountId('acme');
const oauth = { kind: 'oauth', accessToken: 'access-token-of-theirs' } as const;
const clear = '{"kind":"oauth","accessToken":"access-token-of-theirs"}';
const deadlineMs = t0 + 3000;
const local = { region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
const kms: Kms = {
  keyId: 'alias/call-router-prod',
  times: { connectMs: 300, requestMs: 600, attempts: 2 },
  now: () => t0,
  config: local,
};

let stub: AwsClientStub<KMSClient>;
beforeEach(() => {
  stub = mockClient(KMSClient);
});
afterEach(() => stub.restore());

/** The inputs of every command sent, in order. */
const sent = () => stub.calls().map(({ args }) => args[0].input);
const seal = (changes: Partial<Kms> = {}, by = deadlineMs) =>
  createSealCredentials({ ...kms, ...changes })(acme, oauth, by);
const open = (changes: Partial<Kms> = {}, by = deadlineMs) =>
  createOpenCredentials({ ...kms, ...changes })(acme, 'Y2lwaGVydGV4dA==', by);
const both = [
  { name: 'sealing', run: seal },
  { name: 'opening', run: open },
];
const failure = (reason: string, detail: string) => ({ ok: false, failure: { reason, detail } });

describe('sealing', () => {
  it('has KMS encrypt the credentials in the context of their account', async () => {
    stub.on(EncryptCommand).resolves({ CiphertextBlob: Buffer.from('ciphertext') });

    expect(await seal()).toEqual({ ok: true, value: 'Y2lwaGVydGV4dA==' });
    expect(sent()).toEqual([
      {
        KeyId: 'alias/call-router-prod',
        Plaintext: Buffer.from(clear),
        EncryptionContext: { accountId: 'acme' },
      },
    ]);
  });

  it.each([undefined, new Uint8Array()])(
    'fails where KMS gives no ciphertext: %j',
    async (CiphertextBlob) => {
      stub.on(EncryptCommand).resolves({ CiphertextBlob });

      expect(await seal()).toEqual(failure('seal-unavailable', 'KMS: no ciphertext'));
    },
  );
});

describe('opening', () => {
  it('has KMS decrypt with our key alone, in the context of the account', async () => {
    stub.on(DecryptCommand).resolves({ Plaintext: Buffer.from(clear) });

    expect(await open()).toEqual({ ok: true, value: oauth });
    expect(sent()).toEqual([
      {
        KeyId: 'alias/call-router-prod',
        CiphertextBlob: Buffer.from('ciphertext'),
        EncryptionContext: { accountId: 'acme' },
      },
    ]);
  });

  it.each([undefined, Buffer.from('{"kind":"password","password":"secret"}')])(
    'finds the seal broken where there are no credentials in it',
    async (Plaintext) => {
      stub.on(DecryptCommand).resolves({ Plaintext });

      expect(await open()).toEqual(failure('seal-broken', 'what was sealed are no credentials'));
    },
  );
});

describe.each(both)('KMS in trouble: $name', ({ run }) => {
  it.each([
    { error: 'InvalidCiphertextException', reason: 'seal-broken' },
    { error: 'IncorrectKeyException', reason: 'seal-broken' },
    { error: 'InvalidKeyUsageException', reason: 'seal-broken' },
    { error: 'ThrottlingException', reason: 'seal-unavailable' },
    { error: 'AccessDeniedException', reason: 'seal-unavailable' },
    { error: 'DisabledException', reason: 'seal-unavailable' },
    { error: 'NotFoundException', reason: 'seal-unavailable' },
    { error: 'KMSInternalException', reason: 'seal-unavailable' },
    { error: 'TimeoutError', reason: 'seal-unavailable' },
  ])('is $reason after $error, of which only the name is told', async ({ error, reason }) => {
    stub.rejects(Object.assign(new Error('access-token-of-theirs'), { name: error }));

    expect(await run()).toEqual(failure(reason, `KMS: ${error}`));
  });

  it('tells the code of an error that has no name of its own', async () => {
    stub.rejects(Object.assign(new Error('connect 192.0.2.1:443'), { code: 'ECONNREFUSED' }));

    expect(await run()).toEqual(failure('seal-unavailable', 'KMS: ECONNREFUSED'));
  });

  it('tells no more than the type of what is no error', async () => {
    stub.callsFake(() => Promise.reject('access-token-of-theirs'));

    expect(await run()).toEqual(failure('seal-unavailable', 'KMS: string'));
  });

  it('is asked nothing without time left', async () => {
    expect(await run({}, t0)).toEqual(failure('seal-unavailable', 'no time left'));
    expect(sent()).toEqual([]);
  });

  it('tells the name of an error whose code is a number', async () => {
    stub.rejects(Object.assign(new RangeError('access-token-of-theirs'), { code: 22 }));

    expect(await run()).toEqual(failure('seal-unavailable', 'KMS: RangeError'));
  });

  it('has a client from the first need of it on, and one for all needs', async () => {
    let opened = 0;
    const config = {
      ...local,
      get region() {
        opened += 1;
        return 'eu-west-1';
      },
    };
    const watched = { ...kms, config };
    const sealCredentials = createSealCredentials(watched);
    const openCredentials = createOpenCredentials(watched);
    expect(opened).toBe(0);

    stub.rejects(new Error('down'));
    for (const _ of [1, 2, 3]) await sealCredentials(acme, oauth, deadlineMs);
    expect(opened).toBe(1);
    for (const _ of [1, 2, 3]) await openCredentials(acme, 'Y2lwaGVydGV4dA==', deadlineMs);
    expect(opened).toBe(2);
  });
});

describe.each(both)('KMS in silence: $name', ({ run }) => {
  let silent: Server;
  let requests: number;
  const runAt = (requestMs: number, by: number) => {
    const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const times = { connectMs: 300, requestMs, attempts: 2 };
    return run({ times, config: { ...local, endpoint } }, by);
  };

  beforeEach(async () => {
    stub.restore();
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
    expect(await runAt(20, t0 + 10_000)).toEqual(failure('seal-unavailable', 'KMS: ETIMEDOUT'));
    expect(requests).toBe(2);
  });

  it('is given up at the deadline', { timeout: 5000 }, async () => {
    expect(await runAt(60_000, t0 + 300)).toEqual(failure('seal-unavailable', 'KMS: AbortError'));
    expect(requests).toBe(1);
  });
});
