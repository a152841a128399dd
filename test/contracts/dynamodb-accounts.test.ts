import {
  createFindAccount,
  createListAccounts,
  createSaveAccount,
} from '../../lib/adapters/dynamodb/accounts.ts';
import { createSaveInstallState, createUseInstallState } from '../../lib/adapters/dynamodb/install-states.ts';
import { createPurgeAccount } from '../../lib/adapters/dynamodb/purge-account.ts';
import type { Store } from '../../lib/adapters/dynamodb/table.ts';
import {
  createAcceptToken,
  createFindTokenOwner,
  hashToken,
} from '../../lib/adapters/dynamodb/webhook-tokens.ts';
import { createClock } from '../builders.ts';
import type { AccountStore } from '../fakes/in-memory-accounts.ts';
import { testAccounts } from './accounts.contract.ts';
import { useTables } from './tables.ts';

const tableOfNewAccount = useTables();

function createStore(store: Store): AccountStore {
  return {
    findAccount: createFindAccount(store),
    listAccounts: createListAccounts(store),
    saveAccount: createSaveAccount(store),
    findTokenOwner: createFindTokenOwner(store),
    hashToken,
    acceptToken: createAcceptToken(store),
    saveInstallState: createSaveInstallState(store),
    useInstallState: createUseInstallState(store),
    purgeAccount: createPurgeAccount(store),
  };
}

testAccounts('the DynamoDB store', async () => {
  const clock = createClock();
  const table = tableOfNewAccount(clock.now);
  return { store: createStore(table), clock, own: table.account };
});
