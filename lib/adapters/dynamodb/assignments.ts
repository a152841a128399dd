/**
 * Who a contact is assigned to, changed by itself: whatever else is known of the contact stays as it is.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { fail, succeed } from '../../core/result.ts';
import type { AssignContact, AssignUnassigned } from '../../ports.ts';
import { findWords } from './contact-words.ts';
import { fromContactItem } from './contacts.ts';
import { contactKey } from './keys.ts';
import { schemaVersion, send, type Table, update as updateItem } from './table.ts';

export function createAssignContact(table: Table): AssignContact {
  return async function assignContact(phone, { assignedTo, backups }, deadlineMs) {
    const update = new UpdateCommand({
      TableName: table.name,
      Key: contactKey(table.account, phone),
      UpdateExpression: [
        'SET schemaVersion = :schemaVersion, phone = :phone, assignedTo = :assignedTo',
        backups === undefined ? 'backups = if_not_exists(backups, :backups)' : 'backups = :backups',
        'attributes = if_not_exists(attributes, :attributes)',
      ].join(', '),
      ConditionExpression: 'attribute_not_exists(schemaVersion) OR schemaVersion <= :schemaVersion',
      ExpressionAttributeValues: {
        ':schemaVersion': schemaVersion,
        ':phone': phone,
        ':assignedTo': assignedTo,
        ':backups': backups ?? [],
        ':attributes': {},
      },
      ReturnValues: 'ALL_OLD',
    });
    const answer = await send(table, deadlineMs, async (options) => {
      try {
        const { Attributes } = await table.client.send(update, options);
        return { before: Attributes };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'newer';
        throw error;
      }
    });
    if (!answer.ok) return answer;

    if (answer.value === 'newer')
      return fail({ reason: 'item-unreadable', detail: 'contact: schemaVersion' });

    const { before } = answer.value;
    if (before === undefined) {
      const words = await findWords(table, phone, deadlineMs);
      return words.ok ? succeed(words.value.length > 0 ? 'assigned' : 'created') : words;
    }
    // A contact that is damaged elsewhere stays so, and no call could be routed by it.
    const changes = { schemaVersion, phone, assignedTo, ...(backups !== undefined && { backups }) };
    const after = fromContactItem({ backups: [], attributes: {}, ...before, ...changes });
    return after.ok ? succeed('assigned') : after;
  };
}

/** Of a contact that newer code wrote, an assignment stays as it is, too. */
export function createAssignUnassigned(table: Table): AssignUnassigned {
  return async function assignUnassigned(phone, assignedTo, deadlineMs) {
    const answer = await updateItem(table, deadlineMs, {
      Key: contactKey(table.account, phone),
      UpdateExpression: [
        'SET schemaVersion = :schemaVersion, phone = :phone, assignedTo = :assignedTo',
        'backups = if_not_exists(backups, :backups)',
        'attributes = if_not_exists(attributes, :attributes)',
      ].join(', '),
      ConditionExpression: [
        'attribute_not_exists(assignedTo)',
        '(attribute_not_exists(schemaVersion) OR schemaVersion <= :schemaVersion)',
      ].join(' AND '),
      ExpressionAttributeValues: {
        ':schemaVersion': schemaVersion,
        ':phone': phone,
        ':assignedTo': assignedTo,
        ':backups': [],
        ':attributes': {},
      },
    });
    if (!answer.ok) return answer;
    return succeed(answer.value === 'condition-failed' ? 'kept' : 'assigned');
  };
}
