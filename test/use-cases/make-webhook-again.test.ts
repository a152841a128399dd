import { beforeEach, expect, it } from 'vitest';
import { newOwnAccount } from '../../lib/core/account.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import type { Webhook } from '../../lib/ports.ts';
import { createMakeWebhookAgain } from '../../lib/use-cases/make-webhook-again.ts';
import type { RenewFailure, RenewWebhook } from '../../lib/use-cases/renew-webhook.ts';
import { accountId } from '../accounts.ts';
import { acmeAccount, createReadableAccounts } from '../acme.ts';
import { t0 } from '../builders.ts';

const url = 'https://router.example.com/aircall/calls';
const webhook: Webhook = { webhookId: 'webhook-2', url, active: true, events: [], token: 'new-token' };
const storeDown = { reason: 'store-unavailable', detail: 'TimeoutError' } as const;

let renewals: unknown[];

beforeEach(() => {
  renewals = [];
});

const renew: RenewWebhook = async (...given) => {
  renewals.push(given);
  return succeed({ account: given[0], webhook, did: 'created', leftOver: [] });
};

const stored = createReadableAccounts(() => t0, acmeAccount({ name: 'Acme & Sons', version: 7 }));

function makeAgain(of = acmeAccount(), findAccount = stored.findAccount, renewWebhook = renew) {
  const ports = { findAccount, renewWebhook, now: () => t0 };
  return createMakeWebhookAgain(ports, of, url)(t0 + 900_000);
}

it('a webhook that is gone is made again for the account as it is stored now', async () => {
  expect(await makeAgain()).toEqual(succeed({ webhookId: 'webhook-2' }));
  expect(renewals).toEqual([[acmeAccount({ name: 'Acme & Sons', version: 7 }), url, 'keep', 1763852100000]]);
});

it('the account of the environment has no item before its first webhook from here', async () => {
  await makeAgain(newOwnAccount(0));
  expect(renewals).toMatchObject([
    [
      {
        accountId: 'default',
        name: 'the account of the environment',
        status: 'active',
        tokenHashes: [],
        installedAtMs: 1763851200000,
        version: 0,
      },
      url,
      'keep',
      1763852100000,
    ],
  ]);
});

it('nothing is made for an account that was deleted meanwhile', async () => {
  expect(await makeAgain(acmeAccount(), async () => succeed(undefined))).toEqual(
    fail({
      reason: 'store-unavailable',
      message: 'making the webhook again: the account was deleted',
    }),
  );
  expect(renewals).toEqual([]);
});

it('nothing is made where the account can not be read', async () => {
  expect(await makeAgain(acmeAccount(), async () => fail(storeDown))).toEqual(
    fail({ reason: 'store-unavailable', message: 'TimeoutError' }),
  );
  expect(renewals).toEqual([]);
});

it.each<[RenewFailure, object]>([
  [
    { reason: 'refused', message: 'POST /v1/webhooks: 422', while: 'creating' },
    { reason: 'aircall-refused', message: 'POST /v1/webhooks: 422' },
  ],
  [storeDown, { reason: 'store-unavailable', message: 'TimeoutError' }],
  [
    { reason: 'item-unreadable', detail: 'webhook token: accountId' },
    { reason: 'item-unreadable', message: 'webhook token: accountId' },
  ],
  [
    { reason: 'changed-meanwhile' },
    { reason: 'store-unavailable', message: 'making the webhook again: changed-meanwhile' },
  ],
  [
    { reason: 'company-has-account', accountId: accountId('borg') },
    { reason: 'store-unavailable', message: 'making the webhook again: company-has-account' },
  ],
])('what went wrong is told as trouble: %j', async (failure, trouble) => {
  expect(await makeAgain(acmeAccount(), stored.findAccount, async () => fail(failure))).toEqual(
    fail(trouble),
  );
});
