/**
 * Every door of the router by which a call comes in, as deployed, over HTTP to a DynamoDB and an Aircall that can both be
 * made bad. Whoever comes in does so in a container of their own, which knows nobody yet.
 */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createDocumentClient, type Table } from '../../lib/adapters/dynamodb/table.ts';
import { limits, readTableName } from '../../lib/config.ts';
import type { AccountId } from '../../lib/core/model.ts';
import { startContainer } from '../../local/deliver.ts';
import { createContext, toApiGatewayEvent, toSqsEvent } from '../../local/lambda.ts';
import { seedContacts, seedUsers } from '../../local/seed.ts';
import {
  localClientSecret,
  localRingToSecret,
  localWebhookToken,
  type Presences,
  startLocalStack,
} from '../../local/stack.ts';
import { contact, email, phone } from '../builders.ts';
import { startFaultyProxy } from '../fakes/faulty-proxy.ts';
import type { Canaries } from './canaries.ts';
import { addCompany, resetTheirAgents, theirs, theirWebhookToken } from './company-of-the-table.ts';

export const doors = [
  'the webhook of our own account',
  'the webhook of an account in the table',
  'the call flow’s question',
  'a ring timer',
] as const;
export type Door = (typeof doors)[number];

/** What came of one who came in. */
export type Came = {
  readonly callId: string;
  /** `undefined`: a ring timer has no answer. */
  readonly status?: number;
  readonly body: string;
  readonly tookMs: number;
  /** A ring timer that is to come again. */
  readonly thrown?: unknown;
};

/** Known to both companies, with an agent and a backup at each. */
const caller = '+442079460177';

export type FaultyWorld = Awaited<ReturnType<typeof startFaultyWorld>>;

export async function startFaultyWorld() {
  const sealingKeyFile = join(mkdtempSync(join(tmpdir(), 'faults-')), 'sealing.key');
  const stack = await startLocalStack({ sealingKeyFile, telephone: { requestsPerMinute: 100_000 } });
  const dynamodb = await startFaultyProxy(stack.dynamodb.url);
  Object.assign(process.env, stack.environment, { AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url });
  const client = createDocumentClient(limits.background.table, { endpoint: stack.dynamodb.url });
  const table: Table = { client, name: readTableName(), account: theirs as AccountId, now: Date.now };
  const nina = contact({
    phone: phone(caller),
    name: 'Ada Winter',
    assignedTo: email('nina@example.org'),
    backups: [email('omar@example.org')],
  });
  const accessToken = await addCompany(stack, table, sealingKeyFile, nina);
  let calls = 0;

  const canaries: Canaries = {
    secrets: {
      'the API key': stack.environment['AIRCALL_API_TOKEN'] ?? '',
      'the API id with its key': `${stack.environment['AIRCALL_API_ID']}:${stack.environment['AIRCALL_API_TOKEN']}`,
      'an access token': accessToken,
      'our webhook token': localWebhookToken,
      'their webhook token': theirWebhookToken,
      'the secret of the call flow': localRingToSecret,
      'the secret of the app': localClientSecret,
      'the sealing key': readFileSync(sealingKeyFile),
    },
    phones: seedContacts.map((one) => one.phone),
    people: [
      ...seedContacts.flatMap(({ name = '', company = '' }) => [name, company]),
      ...seedUsers.flatMap((user) => [user.name, user.email]),
      ...['Nina Falk', 'nina@example.org', 'Omar Haddad', 'omar@example.org', 'Tidewater'],
    ],
  };

  /** @param presences what our own agents are doing */
  async function reset(presences: Presences = {}): Promise<void> {
    await Promise.all([stack.resetAgents(presences), resetTheirAgents(table)]);
  }

  /** A call that both companies know of, and its announcement. */
  function announce(token: string) {
    calls += 1;
    const id = 814_000_000 + calls;
    for (const company of [stack.aircall, stack.aircall.company(Number(theirs))])
      company.putCall({ id: String(id) });
    const seconds = Math.floor(Date.now() / 1000);
    const data = { id, direction: 'inbound', status: 'initial', started_at: seconds, raw_digits: caller };
    const event = { resource: 'call', event: 'call.created', timestamp: seconds, token, data };
    return { callId: String(id), body: JSON.stringify(event) };
  }

  async function startWebhook() {
    const { handler } = await startContainer('webhook');
    return (event: APIGatewayProxyEventV2) => handler(event, createContext());
  }

  const toDelivery = (body: string) => toApiGatewayEvent('/aircall/calls', body);

  /** @returns the knock, to be timed: Aircall and API Gateway have done what they do before it */
  async function approach(door: Door) {
    switch (door) {
      case 'the webhook of our own account':
      case 'the webhook of an account in the table': {
        const token = door === doors[0] ? localWebhookToken : theirWebhookToken;
        const { callId, body } = announce(token);
        const deliver = await startWebhook();
        const event = toDelivery(body);
        return { callId, knock: () => deliver(event) };
      }
      case 'the call flow’s question': {
        const { callId } = announce('');
        const { handler } = await startContainer('ring-to');
        const body = JSON.stringify({ call_id: Number(callId), caller_number: caller });
        const event = toApiGatewayEvent('/aircall/ring-to', body);
        const headers = { authorization: `Bearer ${localRingToSecret}` };
        return { callId, knock: () => handler({ ...event, headers }, createContext(3000)) };
      }
      case 'a ring timer': {
        const { callId, body } = announce(localWebhookToken);
        await (await startWebhook())(toDelivery(body));
        const { handler } = await startContainer('ring-timeout');
        const timer = { version: 1, accountId: 'default', callId, hop: 0, dueAtMs: Date.now() };
        const event = toSqsEvent(JSON.stringify(timer));
        return { callId, knock: () => handler(event, createContext()) };
      }
    }
  }

  return {
    stack,
    dynamodb,
    canaries,
    reset,
    /** @param ail what goes wrong, once they stand before the door */
    async comeIn(door: Door, ail: () => void): Promise<Came> {
      const { callId, knock } = await approach(door);
      ail();
      const startedAtMs = performance.now();
      try {
        const answer = await knock();
        const tookMs = performance.now() - startedAtMs;
        return {
          callId,
          tookMs,
          body: answer?.body ?? '',
          ...(answer && { status: answer.statusCode ?? 200 }),
        };
      } catch (thrown) {
        return { callId, tookMs: performance.now() - startedAtMs, body: '', thrown };
      }
    },
    /** Announces a call once more, by our own webhook. */
    async announceAgain(callId: string) {
      const { body } = announce(localWebhookToken);
      return (await startWebhook())(toDelivery(body.replace(/"id":\d+/, `"id":${callId}`)));
    },
    /** An event of our own company's. */
    async tell(event: object) {
      return (await startWebhook())(toDelivery(JSON.stringify({ ...event, token: localWebhookToken })));
    },
    /** How often a call was given to someone, at either company. */
    transfersOf(callId: string): number {
      const { aircall } = stack;
      const all = [...aircall.transfers, ...aircall.company(Number(theirs)).transfers];
      return all.filter((transfer) => transfer.callId === callId).length;
    },
    heal() {
      Object.assign(dynamodb, { mode: 'pass', only: /./, hugeBytesTaken: 0 });
      stack.aircall.heal();
    },
    async close() {
      client.destroy();
      await dynamodb.close();
      await stack.close();
    },
  };
}
