/**
 * Whose webhook has a token. Only its hash is stored: who can read the table can't deliver in a company's name.
 */
import { createHash } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { AcceptToken, FindTokenOwner, HashToken } from '../../account-ports.ts';
import type { AccountId } from '../../core/model.ts';
import { succeed } from '../../core/result.ts';
import { webhookTokenKey } from './keys.ts';
import { get, readItem, type Store, schemaVersion, send } from './table.ts';

const tokenItem = z.object({
  accountId: z.pipe(
    z.string(),
    z.transform((id) => id as AccountId),
  ),
  acceptedUntilMs: z.exactOptional(z.number()),
});

export const hashToken: HashToken = (token) => createHash('sha256').update(token).digest('hex');

/** One read, consistent: a webhook's first delivery may come before any copy has the token. */
export function createFindTokenOwner(store: Store): FindTokenOwner {
  return async function findTokenOwner(token, deadlineMs) {
    const tokenHash = hashToken(token);
    const found = await get(store, webhookTokenKey(tokenHash), deadlineMs);
    if (!found.ok) return found;
    if (found.value === undefined) return succeed(undefined);

    const read = readItem(tokenItem, 'webhook token', found.value);
    if (!read.ok) return read;
    const { accountId, acceptedUntilMs = Number.POSITIVE_INFINITY } = read.value;
    return succeed(acceptedUntilMs > store.now() ? { accountId, tokenHash } : undefined);
  };
}

export function createAcceptToken(store: Store): AcceptToken {
  return async function acceptToken({ accountId, tokenHash }, untilMs, deadlineMs) {
    const put = new PutCommand({
      TableName: store.name,
      Item: {
        ...webhookTokenKey(tokenHash),
        schemaVersion,
        accountId,
        ...(untilMs !== undefined && {
          acceptedUntilMs: untilMs,
          expiresAtSeconds: Math.ceil(untilMs / 1000),
        }),
      },
    });
    return send(store, deadlineMs, async (options) => {
      await store.client.send(put, options);
    });
  };
}
