/**
 * Credentials sealed by AWS KMS: the key never leaves it, and each opening is in its log. The account is the encryption
 * context: copied to another account's item they don't open.
 *
 * The client is loaded when it is first needed: no call of the environment's own account pays for it.
 */
import type { KMSClient, KMSClientConfig } from '@aws-sdk/client-kms';
import type { OpenCredentials, SealCredentials, SealFailure } from '../../account-ports.ts';
import type { AccountId } from '../../core/model.ts';
import { fail, type Result, succeed } from '../../core/result.ts';
import type { Now } from '../../ports.ts';
import { fromText, toText } from './credentials-text.ts';

export type KmsTimes = { readonly connectMs: number; readonly requestMs: number; readonly attempts: number };

export type Kms = {
  /** The key's id, ARN or alias. */
  readonly keyId: string;
  readonly times: KmsTimes;
  readonly now: Now;
  readonly config?: KMSClientConfig;
};

export function createSealCredentials(kms: Kms): SealCredentials {
  const send = createSend(kms);

  return async function sealCredentials(accountId, credentials, deadlineMs) {
    const sealed = await send(deadlineMs, async (client, { EncryptCommand }, options) => {
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
    const opened = await send(deadlineMs, async (client, { DecryptCommand }, options) => {
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

type Sdk = typeof import('@aws-sdk/client-kms');

function createSend({ times, now, config = {} }: Kms) {
  let opened: Promise<{ readonly client: KMSClient; readonly sdk: Sdk }> | undefined;

  return async function send<Output>(
    deadlineMs: number,
    request: (client: KMSClient, sdk: Sdk, options: { readonly abortSignal: AbortSignal }) => Promise<Output>,
  ): Promise<Result<Output, SealFailure>> {
    try {
      opened ??= open();
      const { client, sdk } = await opened;
      const leftMs = deadlineMs - now();
      if (leftMs <= 0) return fail({ reason: 'seal-unavailable', detail: 'no time left' });
      return succeed(await request(client, sdk, { abortSignal: AbortSignal.timeout(leftMs) }));
    } catch (error) {
      const isBroken = error instanceof Error && brokenErrors.includes(error.name);
      const reason = isBroken ? 'seal-broken' : 'seal-unavailable';
      return fail({ reason, detail: `KMS: ${nameOf(error)}` });
    }
  };

  async function open() {
    const sdk = await import('@aws-sdk/client-kms');
    const client = new sdk.KMSClient({
      maxAttempts: times.attempts,
      requestHandler: {
        connectionTimeout: times.connectMs,
        requestTimeout: times.requestMs,
        throwOnRequestTimeout: true,
      },
      ...config,
    });
    return { client, sdk };
  }
}

/** A connection's errors are all called `Error`: their code tells more. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

/** Another key's, another account's, or no ciphertext at all. */
const brokenErrors = ['InvalidCiphertextException', 'IncorrectKeyException', 'InvalidKeyUsageException'];
