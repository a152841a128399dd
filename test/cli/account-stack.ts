/**
 * A local stack whose environment is the main company's, with a second company beside it: its API key, or an account of it.
 * What its commands print is searched for secrets.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createFindAccount, createSaveAccount } from '../../lib/adapters/dynamodb/accounts.ts';
import type { Store } from '../../lib/adapters/dynamodb/table.ts';
import { createFindTokenOwner } from '../../lib/adapters/dynamodb/webhook-tokens.ts';
import { createSealCredentials } from '../../lib/adapters/sealing/key-file.ts';
import { type Account, type AircallCredentials, newAccount } from '../../lib/core/account.ts';
import type { AccountId } from '../../lib/core/model.ts';
import { type LocalStack, localWebhookToken, startLocalStack } from '../../local/stack.ts';
import { t0 } from '../builders.ts';
import { type Ended, runCommand } from './command.ts';
import { openStore } from './store.ts';

/** The second company of the simulated Aircall. */
export const tidewaterCompany = 90_210;
export const tidewaterKey = { AIRCALL_API_ID: 'tidewater-api-id', AIRCALL_API_TOKEN: 'tidewater-api-token' };
export const deliveryUrl = 'https://router.example.com/aircall/calls';

export type AccountStack = {
  readonly local: LocalStack;
  readonly store: Store;
  /** @param settings beside those of the stack, or in their place */
  readonly run: (
    argv: readonly string[],
    settings?: Readonly<Record<string, string>>,
    typed?: string,
  ) => Promise<Ended>;
  /** As it was saved; of t0, active and without credentials unless it is said otherwise. */
  readonly putAccount: (accountId: string, changes?: Partial<Account>) => Promise<void>;
  readonly seal: (accountId: string, credentials: AircallCredentials) => Promise<string>;
  readonly findAccount: (accountId: string) => Promise<Account | undefined>;
  readonly ownerOf: (token: string) => Promise<string | undefined>;
  /** @throws if a secret was printed */
  readonly close: () => Promise<void>;
};

export async function startAccountStack(): Promise<AccountStack> {
  const folder = mkdtempSync(join(tmpdir(), 'call-router-accounts-'));
  const sealingKeyFile = join(folder, 'sealing-key');
  const local = await startLocalStack({ sealingKeyFile, knowsAgents: false });
  const store = openStore(local.dynamodb);
  const secrets = new Set([
    localWebhookToken,
    'local-api-token',
    'tidewater-api-token',
    'local-client-secret',
  ]);
  let printed = '';

  async function findAccount(accountId: string) {
    const found = await createFindAccount(store)(accountId as AccountId, soon());
    if (!found.ok) throw new Error(found.failure.detail);
    return found.value;
  }

  return {
    local,
    store,
    run: async (argv, settings, typed) => {
      const ended = await runCommand(argv, { ...local.environment, ...settings }, typed);
      printed += ended.stdout + ended.stderr;
      for (const { token } of [local.aircall, local.aircall.company(tidewaterCompany)].flatMap((company) =>
        company.webhooks(),
      )) {
        secrets.add(token);
      }
      return ended;
    },
    putAccount: async (accountId, changes = {}) => {
      const id = accountId as AccountId;
      const account = { ...newAccount(id, 'Tidewater Books', t0), version: 1, ...changes };
      expect(await createSaveAccount(store)(account, soon())).toEqual({ ok: true, value: 'saved' });
      if (account.sealedCredentials !== undefined) secrets.add(account.sealedCredentials);
    },
    seal: async (accountId, credentials) => {
      const sealed = await createSealCredentials(sealingKeyFile)(accountId as AccountId, credentials, soon());
      if (!sealed.ok) throw new Error(sealed.failure.detail);
      return sealed.value;
    },
    findAccount,
    ownerOf: async (token) => {
      const owner = await createFindTokenOwner(store)(token, soon());
      if (!owner.ok) throw new Error(owner.failure.detail);
      return owner.value?.accountId;
    },
    close: async () => {
      store.client.destroy();
      await local.close();
      rmSync(folder, { recursive: true });
      expect([...secrets].filter((secret) => printed.includes(secret))).toEqual([]);
    },
  };
}

const soon = () => Date.now() + 10_000;
