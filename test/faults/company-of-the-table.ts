/**
 * A second company, as an installation leaves it: sealed credentials, a webhook's token, a contact with two agents.
 */
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { createSaveAccount } from '../../lib/adapters/dynamodb/accounts.ts';
import { createSaveAgent } from '../../lib/adapters/dynamodb/agents.ts';
import { createSaveContacts } from '../../lib/adapters/dynamodb/contacts.ts';
import { agentKey } from '../../lib/adapters/dynamodb/keys.ts';
import { createTrackPresence } from '../../lib/adapters/dynamodb/presences.ts';
import type { Table } from '../../lib/adapters/dynamodb/table.ts';
import { createAcceptToken, hashToken } from '../../lib/adapters/dynamodb/webhook-tokens.ts';
import { createSealCredentials } from '../../lib/adapters/sealing/key-file.ts';
import { newAccount } from '../../lib/core/account.ts';
import type { AccountId, AircallUserId, Contact } from '../../lib/core/model.ts';
import { secondCompany } from '../../local/seed.ts';
import { type LocalStack, localClientId, localClientSecret } from '../../local/stack.ts';
import { email } from '../builders.ts';

export const theirs = String(secondCompany.id) as AccountId;
export const theirWebhookToken = 'fedcba9876543210fedcba9876543210';

const soon = () => Date.now() + 10_000;

/** @returns their access token */
export async function addCompany(
  { aircall }: LocalStack,
  table: Table,
  sealingKeyFile: string,
  contact: Contact,
): Promise<string> {
  const accessToken = await fetchAccessToken(aircall.url, aircall.authorize(secondCompany.id, redirectUri));
  const credentials = { kind: 'oauth', accessToken } as const;
  const sealed = await createSealCredentials(sealingKeyFile)(theirs, credentials, soon());
  if (!sealed.ok) throw new Error(sealed.failure.detail);

  const tokenHash = hashToken(theirWebhookToken);
  await createSaveAccount(table)(
    {
      ...newAccount(theirs, secondCompany.name, Date.now()),
      sealedCredentials: sealed.value,
      tokenHashes: [tokenHash],
      version: 1,
    },
    soon(),
  );
  await createAcceptToken(table)({ accountId: theirs, tokenHash }, undefined, soon());
  await createSaveContacts(table)([contact], soon());
  return accessToken;
}

/** Their agents as they were at the start, and held for nobody. */
export async function resetTheirAgents(table: Table): Promise<void> {
  const checked = { kind: 'checked', presence: 'available', atMs: Date.now() - 2000 } as const;
  for (const { id, name, email: address } of secondCompany.users ?? []) {
    const Key = agentKey(theirs, email(address));
    await table.client.send(new DeleteCommand({ TableName: table.name, Key }));
    const agent = { email: email(address), name, checkedAtMs: Date.now() };
    await createSaveAgent(table)({ ...agent, aircallUserId: id as AircallUserId }, soon());
    await createTrackPresence(table)(email(address), checked, soon());
  }
}

const redirectUri = 'https://router.example.com/aircall/oauth/callback';

async function fetchAccessToken(aircallUrl: string, code: string): Promise<string> {
  const answer = await fetch(`${aircallUrl}/v1/oauth/token`, {
    method: 'POST',
    body: JSON.stringify({
      code,
      redirect_uri: redirectUri,
      client_id: localClientId,
      client_secret: localClientSecret,
      grant_type: 'authorization_code',
    }),
  });
  const { access_token: accessToken } = (await answer.json()) as { access_token: string };
  return accessToken;
}
