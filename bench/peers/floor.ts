/**
 * The floor: what no router can be faster than. One round trip to DynamoDB, then one to Aircall, and nothing else: no claim, no
 * record, nobody looked up.
 */
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { contactKey } from '../../lib/adapters/dynamodb/keys.ts';
import type { AccountId } from '../../lib/core/model.ts';
import { aircallUserIdOf, phoneOf } from '../company.ts';
import { openAircall, openTable } from './clients.ts';
import type { Peer, PeerEnvironment } from './peer.ts';

export function createFloor(environment: PeerEnvironment): Peer {
  const table = openTable(environment);
  const askAircall = openAircall(environment);
  const Key = contactKey('default' as AccountId, phoneOf(0));

  return {
    name: 'floor',
    async deliver(body) {
      const { data } = JSON.parse(body) as { data: { id: number } };
      await table.client.send(new GetCommand({ TableName: table.name, Key }));
      await askAircall('POST', `v1/calls/${data.id}/transfers`, { user_id: aircallUserIdOf(0) });
      return { status: 200, body: '' };
    },
  };
}
