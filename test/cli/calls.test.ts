import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClaimCall, createSettleCall } from '../../lib/adapters/dynamodb/call-records.ts';
import { createDocumentClient } from '../../lib/adapters/dynamodb/table.ts';
import type { AccountId, DecisionRecord } from '../../lib/core/model.ts';
import { type LocalStack, startLocalStack } from '../../local/stack.ts';
import { callId, owner, routedRecord } from '../builders.ts';
import { runCommand } from './command.ts';

let stack: LocalStack;
let nowMs: number;
beforeAll(async () => {
  stack = await startLocalStack();
});
afterAll(() => stack.close());

const command = (...argv: string[]) => runCommand(argv, stack.environment);

/** A call announced so many minutes ago; without a record, its claim is not settled. */
async function decide(id: string, minutesAgo: number, record?: Partial<DecisionRecord>): Promise<void> {
  const client = createDocumentClient(
    { connectMs: 1000, requestMs: 5000, attempts: 2 },
    {
      endpoint: stack.dynamodb.url,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    },
  );
  const atMs = nowMs - minutesAgo * 60_000;
  const now = () => atMs;
  const table = { client, name: stack.dynamodb.tableName, account: 'default' as AccountId, now };
  const us = owner('request-1');
  const claimCall = createClaimCall(table, { claimLapsesAfterMs: 10_000, keptForDays: 90 });
  await claimCall(callId(id), 'webhook', us, atMs + 5000);
  if (record === undefined) return;
  await createSettleCall(table)(routedRecord({ callId: callId(id), ...record }), us, atMs + 5000);
}

beforeAll(async () => {
  nowMs = Date.now();
  await decide('811', 3 * 24 * 60, {});
  await decide('812', 90, {});
  await decide('813', 60, { decision: { outcome: 'left', because: 'unknown-caller' } });
  await decide('814', 30);
});

describe('calls list', () => {
  it('shows the calls of the last day, newest first', async () => {
    const { exitCode, stdout, stderr } = await command('calls', 'list');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/g, '(time)              ')).toBe(
      [
        'TIME                  CALL  OUTCOME                BECAUSE         TO',
        '(time)                814   claimed (not settled)',
        '(time)                813   left                   unknown-caller  –',
        '(time)                812   routed                 assigned-agent  Aircall user 456',
        '',
      ].join('\n'),
    );
  });

  it('goes back further, and ends at a limit', async () => {
    const { stdout } = await command('calls', 'list', '--since', '7d', '--json');
    expect(JSON.parse(stdout).map((call: { callId: string }) => call.callId)).toEqual([
      '814',
      '813',
      '812',
      '811',
    ]);
    const limited = await command('calls', 'list', '--limit', '1');
    expect(limited.stdout).toContain('814');
    expect(limited.stdout).not.toContain('813');
    expect(limited.stderr).toBe('there may be more: --limit 2\n');
  });

  it('shows only those of an outcome, or of a reason', async () => {
    const idsOf = async (...options: string[]) => {
      const { stdout } = await command('calls', 'list', '--since', '7d', '--json', ...options);
      return JSON.parse(stdout).map((call: { callId: string }) => call.callId);
    };
    expect(await idsOf('--outcome', 'left')).toEqual(['813']);
    expect(await idsOf('--outcome', 'routed', '--limit', '1')).toEqual(['812']);
    expect(await idsOf('--because', 'assigned-agent')).toEqual(['812', '811']);
    expect(await idsOf('--outcome', 'left', '--because', 'stale')).toEqual([]);
  });

  it('says that there is none', async () => {
    const { exitCode, stdout, stderr } = await command('calls', 'list', '--since', '10m');
    expect([exitCode, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(/^no call since \d{4}-\S+ \S+Z\n$/);
  });

  it.each([
    [['--outcome', 'left', '--because', 'stale']],
    [['--outcome', 'in-doubt']],
    [['--because', 'stale']],
  ])('says that none came to what was asked for: %j', async (options) => {
    const { exitCode, stdout, stderr } = await command('calls', 'list', '--since', '7d', ...options);
    expect([exitCode, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(/^none of the calls since \d{4}-\S+ \S+Z came to that\n$/);
  });
});

describe('explain', () => {
  it('tells what became of a call', async () => {
    const { exitCode, stdout, stderr } = await command('explain', '813');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      [
        'call      813',
        'decision  left to Aircall, because no contact has this phone number (unknown-caller)',
        'caller    +442079460123',
        'began     2025-11-22 22:40:00Z',
        'received  2025-11-22 22:40:00Z, 0.0 s after the call began',
        'timings   claimed 5 ms after it was received',
        '',
      ].join('\n'),
    );
  });

  it('prints the record as JSON', async () => {
    const { stdout } = await command('explain', '812', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      callId: '812',
      takenOver: false,
      settled: { record: { decision: { outcome: 'routed', because: 'assigned-agent' } } },
    });
  });

  it('tells of a claim that was given up', async () => {
    expect((await command('explain', '814')).stdout).toContain('its delivery died on the way');
  });

  it('fails for a call that was never announced', async () => {
    expect(await command('explain', '815')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'error: call 815 was not announced to the router, or is older than 90 days\n',
    });
  });

  it('fails in one line for a record it does not understand', async () => {
    await decide('816', 5, { decision: { outcome: 'parked' } as never });
    expect(await command('explain', '816')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        'error: call 816: the item in the table is damaged, or was written by a newer version (call: decisionRecord)\n',
    });
  });
});
