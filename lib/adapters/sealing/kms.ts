/**
 * Credentials sealed by AWS KMS: the key never leaves it, and each opening is in its log. The account is the encryption
 * context: copied to another account's item they don't open.
 *
 * The client is made when it is first needed: no call of the environment's own account pays for it.
 */
import { DecryptCommand, EncryptCommand, KMSClient, type KMSClientConfig } from '@aws-sdk/client-kms';
import type { OpenCredentials, SealCredentials, SealFailure } from '../../account-ports.ts';
import type { AccountId } from '../../core/model.ts';
import { fail, type Result, succeed } from '../../core/result.ts';
import type { Now } from '../../ports.ts';
import { type ClientTimes, nameOfError, timesOfClient } from '../aws-client.ts';
import { fromText, toText } from './credentials-text.ts';

export type Kms = {
  /** The key's id, ARN or alias. */
  readonly keyId: string;
  readonly times: ClientTimes;
  readonly now: Now;
  readonly config?: KMSClientConfig;
};

export function createSealCredentials(kms: Kms): SealCredentials {
  const send = createSend(kms);

  return async function sealCredentials(accountId, credentials, deadlineMs) {
    const sealed = await send(deadlineMs, async (client, options) => {
      const Plaintext = Buffer.from(toText(credentials));
      const command = new EncryptCommand({
        KeyId: kms.keyId,
        Plaintext,
        EncryptionContext: contextOf(accountId),
      });
      return (await client.send(command, options)).CiphertextBlob;
    });
    if (!sealed.ok) return sealed;

    const ciphertext = Buffer.from(sealed.value ?? []).toString('base64');
    return ciphertext === ''
      ? fail({ reason: 'seal-unavailable', detail: 'KMS: no ciphertext' })
      : succeed(ciphertext);
  };
}

export function createOpenCredentials(kms: Kms): OpenCredentials {
  const send = createSend(kms);

  return async function openCredentials(accountId, sealed, deadlineMs) {
    const opened = await send(deadlineMs, async (client, options) => {
      const CiphertextBlob = Buffer.from(sealed, 'base64');
      const command = new DecryptCommand({
        KeyId: kms.keyId,
        CiphertextBlob,
        EncryptionContext: contextOf(accountId),
      });
      return (await client.send(command, options)).Plaintext;
    });
    return opened.ok ? fromText(Buffer.from(opened.value ?? []).toString('utf8')) : opened;
  };
}

function contextOf(accountId: AccountId) {
  return { accountId };
}

function createSend({ times, now, config = {} }: Kms) {
  let client: KMSClient | undefined;

  return async function send<Output>(
    deadlineMs: number,
    request: (client: KMSClient, options: { readonly abortSignal: AbortSignal }) => Promise<Output>,
  ): Promise<Result<Output, SealFailure>> {
    const leftMs = deadlineMs - now();
    if (leftMs <= 0) return fail({ reason: 'seal-unavailable', detail: 'no time left' });

    client ??= new KMSClient({ ...timesOfClient(times), ...config });
    try {
      return succeed(await request(client, { abortSignal: AbortSignal.timeout(leftMs) }));
    } catch (error) {
      const isBroken = error instanceof Error && brokenErrors.includes(error.name);
      const reason = isBroken ? 'seal-broken' : 'seal-unavailable';
      return fail({ reason, detail: `KMS: ${nameOfError(error)}` });
    }
  };
}

/** Another key's, another account's, or no ciphertext at all. */
const brokenErrors = ['InvalidCiphertextException', 'IncorrectKeyException', 'InvalidKeyUsageException'];
