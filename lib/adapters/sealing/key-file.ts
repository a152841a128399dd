/**
 * Credentials sealed on one machine: AES-256-GCM with a key that lies in a file. The account is authenticated with them:
 * copied to another account's item they don't open.
 *
 * Sealed: base64 of 12 bytes of nonce, 16 of tag, and the ciphertext.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { OpenCredentials, SealCredentials, SealFailure } from '../../account-ports.ts';
import { fail, type Result, succeed } from '../../core/result.ts';
import { nameOfError } from '../aws-client.ts';
import { fromText, toText } from './credentials-text.ts';

const algorithm = 'aes-256-gcm';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** @param path a file of 32 bytes, which nobody but its owner should be able to read */
export function createSealCredentials(path: string): SealCredentials {
  return async function sealCredentials(accountId, credentials) {
    const key = await readKey(path);
    if (!key.ok) return key;

    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, key.value, nonce).setAAD(Buffer.from(accountId));
    const text = Buffer.concat([cipher.update(toText(credentials), 'utf8'), cipher.final()]);
    return succeed(Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64'));
  };
}

/** @param path as above */
export function createOpenCredentials(path: string): OpenCredentials {
  return async function openCredentials(accountId, sealed) {
    const key = await readKey(path);
    if (!key.ok) return key;

    const bytes = Buffer.from(sealed, 'base64');
    const nonce = bytes.subarray(0, nonceBytes);
    const tag = bytes.subarray(nonceBytes, nonceBytes + tagBytes);
    try {
      const decipher = createDecipheriv(algorithm, key.value, nonce, { authTagLength: tagBytes })
        .setAAD(Buffer.from(accountId))
        .setAuthTag(tag);
      const text = Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]);
      return fromText(text.toString('utf8'));
    } catch {
      return fail({
        reason: 'seal-broken',
        detail: 'sealed with another key, for another account, or damaged',
      });
    }
  };
}

async function readKey(path: string): Promise<Result<Buffer, SealFailure>> {
  try {
    const key = await readFile(path);
    return key.length === keyBytes
      ? succeed(key)
      : fail({ reason: 'seal-unavailable', detail: `the key file has not ${keyBytes} bytes` });
  } catch (error) {
    return fail({ reason: 'seal-unavailable', detail: `the key file: ${nameOfError(error)}` });
  }
}
