/**
 * Whether the table is there, with its indexes.
 */
import { DescribeTableCommand, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import type { ProbeTable } from '../../ports.ts';
import { agentsIndex, byDayIndex } from './keys.ts';
import { send, type Table } from './table.ts';

export function createProbeTable(table: Table): ProbeTable {
  return function probeTable(deadlineMs) {
    const describe = new DescribeTableCommand({ TableName: table.name });
    return send(table, deadlineMs, async (options) => {
      try {
        const { Table: described } = await table.client.send(describe, options);
        const indexes = described?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName) ?? [];
        return indexes.includes(byDayIndex) && indexes.includes(agentsIndex) ? 'ready' : 'incomplete';
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return 'absent';
        throw error;
      }
    });
  };
}
