/** Credentials sealed with a key in a file: who opens them, and who doesn't. */
import { createCipheriv } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOpenCredentials, createSealCredentials } from '../../../lib/adapters/sealing/key-file.ts';
import { accountId } from '../../accounts.ts';
import { t0 } from '../../builders.ts';

const apiKey = { kind: 'api-key', apiId: 'api-id-of-ours', apiToken: 'api-token-of-ours' } as const;
const oauth = { kind: 'oauth', accessToken: 'access-token-of-theirs' } as const;
const acme = accountId('acme');
const soon = t0 + 60_000;

let folder: string;
let keyFile: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealing-'));
  keyFile = await writeKey('sealing.key', Buffer.alloc(32, 'k'));
});
afterEach(() => rm(folder, { recursive: true }));

async function writeKey(name: string, key: Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, key);
  return path;
}

const open = (sealed: string, { account = acme, path = keyFile } = {}) =>
  createOpenCredentials(path)(account, sealed, soon);

async function seal(credentials: Parameters<ReturnType<typeof createSealCredentials>>[1] = oauth) {
  const sealed = await createSealCredentials(keyFile)(acme, credentials, soon);
  if (!sealed.ok) throw new Error(sealed.failure.detail);
  return sealed.value;
}

const broken = {
  ok: false,
  failure: { reason: 'seal-broken', detail: 'sealed with another key, for another account, or damaged' },
};

describe('sealed credentials', () => {
  it.each([apiKey, oauth])('open again for their account: $kind', async (credentials) => {
    expect(await open(await seal(credentials))).toEqual({ ok: true, value: credentials });
  });

  it('hold whatever characters a token has', async () => {
    const credentials = { kind: 'oauth', accessToken: 'Zoë \u{1f511} "\n\u0000' } as const;

    expect(await open(await seal(credentials))).toEqual({ ok: true, value: credentials });
  });

  it('are base64 of a nonce, a tag and as much text as there was, none of it in clear', async () => {
    const sealed = await seal(oauth);

    expect(sealed).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
    expect(Buffer.from(sealed, 'base64')).toHaveLength(12 + 16 + 55);
    for (const encoding of ['utf8', 'latin1'] as const) {
      expect(Buffer.from(sealed, 'base64').toString(encoding)).not.toContain('oauth');
      expect(Buffer.from(sealed, 'base64').toString(encoding)).not.toContain('access');
    }
  });

  it('look different each time, and so does every part of them', async () => {
    const bytes = [Buffer.from(await seal(), 'base64'), Buffer.from(await seal(), 'base64')];
    const parts = (start: number, end?: number) => bytes.map((one) => one.toString('hex', start, end));

    for (const [one, other] of [parts(0, 12), parts(12, 28), parts(28)]) expect(one).not.toBe(other);
  });

  it.each(['acme-2', 'acm', 'default', ''])('stay closed for another account: %j', async (id) => {
    expect(await open(await seal(), { account: accountId(id) })).toEqual(broken);
  });

  it('stay closed for another key', async () => {
    const path = await writeKey('other.key', Buffer.alloc(32, 'o'));

    expect(await open(await seal(), { path })).toEqual(broken);
  });

  it('stay closed where any one byte of them was changed', async () => {
    const bytes = Buffer.from(await seal(), 'base64');
    for (const index of bytes.keys()) {
      const damaged = Buffer.from(bytes);
      damaged.writeUInt8(bytes.readUInt8(index) ^ 1, index);
      expect(await open(damaged.toString('base64'))).toEqual(broken);
    }
  });

  it('stay closed where any of their end is missing, or something was put behind it', async () => {
    const bytes = Buffer.from(await seal(), 'base64');
    for (const length of [0, 1, 11, 12, 13, 16, 27, 28, 29, bytes.length - 1])
      expect(await open(bytes.subarray(0, length).toString('base64'))).toEqual(broken);
    expect(await open(Buffer.concat([bytes, Buffer.from([0])]).toString('base64'))).toEqual(broken);
  });

  it.each(['', ' ', 'secret', '{}', 'ä'])('are none in %j', async (sealed) => {
    expect(await open(sealed)).toEqual(broken);
  });

  it('are none where something else was sealed', async () => {
    const nonce = Buffer.alloc(12, 'n');
    const cipher = createCipheriv('aes-256-gcm', Buffer.alloc(32, 'k'), nonce).setAAD(Buffer.from('acme'));
    const text = Buffer.concat([cipher.update('a secret of another kind'), cipher.final()]);

    expect(await open(Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64'))).toEqual({
      ok: false,
      failure: { reason: 'seal-broken', detail: 'what was sealed are no credentials' },
    });
  });
});

describe('a key file', () => {
  const unavailable = (detail: string) => ({ ok: false, failure: { reason: 'seal-unavailable', detail } });
  const sealWith = (path: string) => createSealCredentials(path)(acme, oauth, soon);

  it('that is not there neither seals nor opens, and its path is not told', async () => {
    const path = join(folder, 'missing.key');

    expect(await sealWith(path)).toEqual(unavailable('the key file: ENOENT'));
    expect(await open(await seal(), { path })).toEqual(unavailable('the key file: ENOENT'));
  });

  it('that is a folder is none', async () => {
    expect(await sealWith(folder)).toEqual(unavailable('the key file: EISDIR'));
  });

  it.each([0, 16, 31, 33, 64])('of %i bytes neither seals nor opens', async (length) => {
    const path = await writeKey('wrong.key', Buffer.alloc(length, 'k'));

    expect(await sealWith(path)).toEqual(unavailable('the key file has not 32 bytes'));
    expect(await open(await seal(), { path })).toEqual(unavailable('the key file has not 32 bytes'));
  });

  it('that is replaced is used from then on', async () => {
    const sealCredentials = createSealCredentials(keyFile);
    await sealCredentials(acme, oauth, soon);
    await writeFile(keyFile, Buffer.alloc(32, 'r'));

    const sealed = await sealCredentials(acme, oauth, soon);
    expect(sealed).toMatchObject({ ok: true });
    expect(await open(sealed.ok ? sealed.value : '')).toEqual({ ok: true, value: oauth });
  });
});
