/**
 * A webhook in place of one that is gone: at our URL, with a token of its own that is accepted from then on.
 */
import type { FindAccount } from '../account-ports.ts';
import { type Account, newOwnAccount, ownAccountId } from '../core/account.ts';
import { fail, succeed } from '../core/result.ts';
import type { Now } from '../ports.ts';
import type { MakeWebhookAgain } from './look-after-webhook.ts';
import { fromAircall, fromStore } from './refresh-trouble.ts';
import type { RenewFailure, RenewWebhook } from './renew-webhook.ts';

export type MakeWebhookAgainPorts = {
  readonly findAccount: FindAccount;
  readonly renewWebhook: RenewWebhook;
  readonly now: Now;
};

/** @param account the environment's own has an item only once it had a webhook from here */
export function createMakeWebhookAgain(
  { findAccount, renewWebhook, now }: MakeWebhookAgainPorts,
  { accountId }: Account,
  url: string,
): MakeWebhookAgain {
  return async function makeWebhookAgain(deadlineMs) {
    const found = await findAccount(accountId, deadlineMs);
    if (!found.ok) return fail(fromStore(found.failure));

    if (found.value === undefined && accountId !== ownAccountId) return fail(deletedMeanwhile);
    const account = found.value ?? newOwnAccount(now());
    const renewed = await renewWebhook(account, url, 'keep', deadlineMs);
    return renewed.ok
      ? succeed({ webhookId: renewed.value.webhook.webhookId })
      : fail(troubleFrom(renewed.failure));
  };
}

const deletedMeanwhile = {
  reason: 'store-unavailable',
  message: 'making the webhook again: the account was deleted',
} as const;

function troubleFrom(failure: RenewFailure) {
  if ('message' in failure) return fromAircall(failure);
  if ('detail' in failure) return fromStore(failure);
  const message = `making the webhook again: ${failure.reason}`;
  return { reason: 'store-unavailable', message } as const;
}
