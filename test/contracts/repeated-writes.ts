/** A table whose answers get lost: the SDK sends each write again, which meets what the first one wrote. */
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Store } from '../../lib/adapters/dynamodb/table.ts';

type Send = (command: unknown, options: unknown) => Promise<unknown>;

export function withWritesRepeated<Table extends Store>(table: Table): Table {
  const send = table.client.send.bind(table.client) as Send;
  const sendTwice: Send = async (command, options) => {
    if (command instanceof PutCommand || command instanceof UpdateCommand) await send(command, options);
    return send(command, options);
  };
  const client = Object.assign(Object.create(table.client) as typeof table.client, { send: sendTwice });
  return { ...table, client };
}
