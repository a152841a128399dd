/** The store of the local stack, as the functions under test see it: by their environment. */
import { createFindAgent } from '../../lib/adapters/dynamodb/agents.ts';
import { createFindCall, createListCalls } from '../../lib/adapters/dynamodb/call-history.ts';
import { createFindContact } from '../../lib/adapters/dynamodb/contacts.ts';
import { createTrackPresence } from '../../lib/adapters/dynamodb/presences.ts';
import { createReserveAgent } from '../../lib/adapters/dynamodb/reservations.ts';
import { createDocumentClient } from '../../lib/adapters/dynamodb/table.ts';
import { createFindWebhookSeen, createSaveWebhookSeen } from '../../lib/adapters/dynamodb/webhook-seen.ts';
import { limits, readTableName } from '../../lib/config.ts';
import type { AccountId } from '../../lib/core/model.ts';

export function openStore() {
  const client = createDocumentClient(limits.background.table);
  const table = { client, name: readTableName(), account: 'default' as AccountId, now: Date.now };

  return {
    findAgent: createFindAgent(table),
    findContact: createFindContact(table),
    trackPresence: createTrackPresence(table),
    reserveAgent: createReserveAgent(table),
    findWebhookSeen: createFindWebhookSeen(table),
    saveWebhookSeen: createSaveWebhookSeen(table),
    listCalls: createListCalls(table),
    findCall: createFindCall(table),
  };
}
