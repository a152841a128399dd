/**
 * Installations that were begun: whether the browser that comes back from Aircall is the one that went there, and comes for
 * the first time. Only hashes are stored.
 */
import { createHash, randomUUID } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { SaveInstallState, UseInstallState } from '../../account-ports.ts';
import { succeed } from '../../core/result.ts';
import { installStateKey } from './keys.ts';
import { get, readItem, type Store, schemaVersion, send, update } from './table.ts';

const stateItem = z.object({
  browserHash: z.string(),
  expiresAtMs: z.number(),
  usedAtMs: z.exactOptional(z.number()),
});

/** Told from an unknown one for so long: `old` says more than `foreign`. */
const keptForSeconds = 86_400;

export function createSaveInstallState(store: Store): SaveInstallState {
  return async function saveInstallState({ state, browser }, expiresAtMs, deadlineMs) {
    const put = new PutCommand({
      TableName: store.name,
      Item: {
        ...installStateKey(hash(state)),
        schemaVersion,
        browserHash: hash(browser),
        expiresAtMs,
        expiresAtSeconds: Math.ceil(expiresAtMs / 1000) + keptForSeconds,
      },
    });
    return send(store, deadlineMs, async (options) => {
      await store.client.send(put, options);
    });
  };
}

export function createUseInstallState(store: Store): UseInstallState {
  return async function useInstallState({ state, browser }, deadlineMs) {
    const Key = installStateKey(hash(state));
    const found = await get(store, Key, deadlineMs);
    if (!found.ok) return found;
    if (found.value === undefined) return succeed('foreign');

    const read = readItem(stateItem, 'installation', found.value);
    if (!read.ok) return read;
    const { browserHash, expiresAtMs, usedAtMs } = read.value;
    if (browserHash !== hash(browser)) return succeed('foreign');
    if (usedAtMs !== undefined) return succeed('used');
    if (expiresAtMs <= store.now()) return succeed('old');

    // The SDK repeats a write whose answer was lost: what the repetition meets is ours.
    const used = await update(store, deadlineMs, {
      Key,
      UpdateExpression: 'SET usedAtMs = :now, usedBy = :us',
      ConditionExpression: 'attribute_exists(pk) AND (attribute_not_exists(usedAtMs) OR usedBy = :us)',
      ExpressionAttributeValues: { ':now': store.now(), ':us': randomUUID() },
    });
    if (!used.ok) return used;
    return succeed(used.value === 'condition-failed' ? 'used' : 'begun');
  };
}

function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
