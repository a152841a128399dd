/**
 * The router of Aircall's tutorial "Build a smart routing system", written anew from its description: for an inbound
 * `call.created`, caller → contact → agent → login at Aircall → transfer, each asked for in turn and nothing remembered; always
 * 200. As there, nothing checks the token, the agent's availability, further pages of users, duplicates or deadlines.
 */
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { agentKey, contactKey } from '../../lib/adapters/dynamodb/keys.ts';
import type { AccountId, EmailAddress, PhoneNumber } from '../../lib/core/model.ts';
import { openAircall, openTable } from './clients.ts';
import type { Peer, PeerEnvironment } from './peer.ts';

type WireEvent = {
  readonly event: string;
  readonly data: { readonly id: number; readonly direction: string; readonly raw_digits: string };
};
type WireUsers = { readonly users: readonly { readonly id: number; readonly email: string }[] };

const account = 'default' as AccountId;

export function createTutorial(environment: PeerEnvironment): Peer {
  const table = openTable(environment);
  const askAircall = openAircall(environment);

  return {
    name: 'tutorial',
    async deliver(body) {
      const { event, data } = JSON.parse(body) as WireEvent;
      if (event !== 'call.created' || data.direction !== 'inbound') return ok;

      const phone = data.raw_digits.replace(/[^+\d]/g, '') as PhoneNumber;
      const contact = await read(contactKey(account, phone));
      const agent = await read(agentKey(account, contact?.['assignedTo'] as EmailAddress));
      const { users } = (await askAircall('GET', 'v2/users')) as WireUsers;
      const user = users.find(({ email }) => email === agent?.['email']);
      if (user !== undefined) {
        await askAircall('POST', `v1/calls/${data.id}/transfers`, { user_id: user.id });
      }
      return ok;
    },
  };

  async function read(Key: { readonly pk: string; readonly sk: string }) {
    const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key }));
    return Item;
  }
}

const ok = { status: 200, body: '' };
