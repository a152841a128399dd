import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFindAgent, createSaveAgent } from '../../lib/adapters/dynamodb/agents.ts';
import { createTrackPresence } from '../../lib/adapters/dynamodb/presences.ts';
import { createDocumentClient, type Table } from '../../lib/adapters/dynamodb/table.ts';
import type { AccountId } from '../../lib/core/model.ts';
import type { Presence } from '../../lib/core/presence.ts';
import { type LocalStack, startLocalStack } from '../../local/stack.ts';
import { email, userId } from '../builders.ts';
import { examplePolicy } from '../policies.ts';
import { runCommand } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'call-router-simulate-'));
let stack: LocalStack;
let table: Table;
beforeAll(async () => {
  stack = await startLocalStack();
  const client = createDocumentClient(
    { connectMs: 1000, requestMs: 5000, attempts: 2 },
    {
      endpoint: stack.dynamodb.url,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    },
  );
  table = { client, name: stack.dynamodb.tableName, account: 'default' as AccountId, now: Date.now };

  writeFileSync(join(folder, 'policy.json'), examplePolicy);
  const csv =
    'phone,name,agent_email,backup_emails,tier\n+442079460170,Ada,kit@example.com,lou@example.com,gold\n';
  writeFileSync(join(folder, 'contacts.csv'), csv);
  await runCommand(['policy', 'put', join(folder, 'policy.json'), '--yes'], stack.environment);
  await runCommand(['contacts', 'import', join(folder, 'contacts.csv')], stack.environment);
});
afterAll(async () => {
  await stack.close();
  rmSync(folder, { recursive: true });
});

const simulate = (...argv: string[]) => runCommand(['simulate', ...argv], stack.environment);

/** An agent of whom that was heard so long ago. */
async function saveAgent(address: string, id: number, presence: Presence, agoMs: number): Promise<void> {
  const atMs = Date.now() - agoMs;
  const soonMs = Date.now() + 5000;
  await createSaveAgent(table)(
    { email: email(address), aircallUserId: userId(id), checkedAtMs: atMs },
    soonMs,
  );
  await createTrackPresence(table)(email(address), { kind: 'checked', presence, atMs }, soonMs);
}

it('tells where a call would go, as explain tells where one went', async () => {
  await saveAgent('kit@example.com', 901, 'available', 3_600_000);
  await saveAgent('lou@example.com', 902, 'in_call', 240_000);
  const { exitCode, stdout, stderr } = await simulate(
    '--from',
    '+44 20 7946 0170',
    '--at',
    '2026-12-24T10:00+01:00',
  );
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout).toBe(
    [
      'decision    would be routed to team 7, because the rule names this team (policy-team); before that, to kit@example.com if Aircall says that they are free',
      'caller      +442079460170, Ada',
      'called      no number in particular',
      'at          2026-12-24 09:00:00Z',
      'policy      version 1',
      'rule        christmas: not for this call, because the day is none of its dates (dates)',
      'rule        night: not for this call, because the time is outside its hours (hours)',
      'rule        vip: matched',
      'considered  kit@example.com (assigned-agent): it is not known what they are doing: would ask Aircall (would-ask-presence); available, as Aircall answered when asked 60 min before',
      'considered  lou@example.com (backup): passed over, because they were in a call (agent-in-call); in a call, as Aircall answered when asked 4 min before',
      'considered  team 7 (policy-team): could be rung',
      '',
    ].join('\n'),
  );
});

it('tells of an agent who would be rung, and holds nobody', async () => {
  await saveAgent('kit@example.com', 901, 'available', 1000);
  const before = await createFindAgent(table)(email('kit@example.com'), Date.now() + 5000);
  const { stdout } = await simulate(
    '--from',
    '020 7946 0170',
    '--default-country',
    'GB',
    '--at',
    '2026-12-24T10:00Z',
  );
  expect(stdout).toContain(
    'would be routed to kit@example.com, Aircall user 901, because the contact is assigned to this agent (assigned-agent)\n',
  );
  expect(await createFindAgent(table)(email('kit@example.com'), Date.now() + 5000)).toEqual(before);
});

it('tells of an agent whom Aircall did not know, and whom a call would look up again', async () => {
  const soonMs = Date.now() + 5000;
  const save = (agoMs: number) =>
    createSaveAgent(table)({ email: email('una@example.com'), checkedAtMs: Date.now() - agoMs }, soonMs);
  await runCommand(['contacts', 'assign', '+442079460171', 'una@example.com'], stack.environment);
  const ask = () => simulate('--from', '+44 20 7946 0171', '--at', '2026-11-26T12:00:00Z');

  await save(420_000);
  const { stdout } = await ask();
  expect(stdout).toContain(
    'considered  una@example.com (assigned-agent): Aircall had no user with this e-mail when checked: would ask again (would-look-up-agent-again); checked 7 min before\n',
  );
  expect(stdout).toMatch(/^decision .*; before that, to una@example\.com if Aircall says that they are free/);

  await save(1000);
  expect((await ask()).stdout).toContain(
    'una@example.com (assigned-agent): passed over, because Aircall has no user with this e-mail (any more) (agent-not-on-aircall)\n',
  );
});

it('tells of a number, and of a caller who withholds theirs', async () => {
  const { stdout } = await simulate('--from', 'anonymous', '--at', '2026-12-25T10:00+01:00');
  expect(stdout).toContain(
    'would be routed to the number +33199000042, because the rule names this number (policy-number)\n',
  );
  expect((await simulate('--from', 'anonymous', '--at', '2026-11-26T12:00Z')).stdout).toContain(
    'would be left to Aircall, because the caller withheld their number (caller-withheld)\n',
  );
});

it('takes the number called, and prints JSON', async () => {
  const { stdout } = await simulate(
    '--from',
    '+493023125001',
    '--number',
    '1234',
    '--at',
    '2026-11-26T12:00:00Z',
    '--json',
  );
  expect(JSON.parse(stdout)).toMatchObject({
    call: { aircallNumberId: 1234, atMs: Date.parse('2026-11-26T12:00:00Z') },
    policyVersion: 1,
    rule: 'dach',
    considered: expect.arrayContaining([
      expect.objectContaining({
        target: { kind: 'agent', email: 'jan@example.com', because: 'policy-agent' },
      }),
    ]),
  });
});

it('goes by the present where no time is given', async () => {
  const beforeMs = Date.now();
  const { call } = JSON.parse((await simulate('--from', 'anonymous', '--json')).stdout);
  expect(call.atMs).toBeGreaterThanOrEqual(beforeMs);
  expect(call.atMs).toBeLessThanOrEqual(Date.now());
});
