import { expect, it } from 'vitest';
import { createDocumentClient } from '../lib/adapters/dynamodb/table.ts';
import { openAccounts } from '../lib/compose-accounts.ts';
import { limits } from '../lib/config.ts';
import { newOwnAccount } from '../lib/core/account.ts';
import { fail, succeed } from '../lib/core/result.ts';
import { t0 } from './builders.ts';

const store = { client: createDocumentClient(limits.background.table), name: 'calls', now: () => t0 };

function giveOwnCredentials(environment: Readonly<Record<string, string>>) {
  const { giveCredentialsOf } = openAccounts(store, () => undefined, environment);
  return giveCredentialsOf(newOwnAccount(t0))(t0 + 5_000);
}

it('the credentials of the account of the environment are those in it', async () => {
  expect(await giveOwnCredentials({ AIRCALL_API_ID: 'id', AIRCALL_API_TOKEN: 'token' })).toEqual(
    succeed({ kind: 'api-key', apiId: 'id', apiToken: 'token' }),
  );
});

it('an item of that account, left from before, gives no credentials where the environment has none', async () => {
  expect(await giveOwnCredentials({ SEALING_KEY_FILE: '.local/sealing.key' })).toEqual(
    fail({
      reason: 'no-credentials',
      message: 'credentials of account default: none in the environment',
    }),
  );
});
