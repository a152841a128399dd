import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFindPolicy, createPutPolicy } from '../../lib/adapters/dynamodb/policies.ts';
import { createDocumentClient } from '../../lib/adapters/dynamodb/table.ts';
import type { AccountId } from '../../lib/core/model.ts';
import { defaultPolicy } from '../../lib/core/policy.ts';
import { type LocalStack, startLocalStack } from '../../local/stack.ts';
import { examplePolicy } from '../policies.ts';
import { runCommand } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'call-router-policy-'));
const file = join(folder, 'policy.json');
let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack();
});
afterAll(async () => {
  await stack.close();
  rmSync(folder, { recursive: true });
});

const policy = (...argv: string[]) => runCommand(['policy', ...argv], stack.environment);

function put(document: string, options: string[] = [], typed?: string) {
  writeFileSync(file, document);
  return runCommand(['policy', 'put', file, ...options], stack.environment, typed);
}

function check(document: string | Buffer) {
  writeFileSync(file, document);
  return policy('check', file);
}

const vipFirst = `{
  "reserveSeconds": 30,
  "rules": [
    { "name": "vip", "when": { "contact": { "tier": "gold" } }, "targets": ["assigned", { "team": 7 }] },
    { "name": "everyone", "targets": ["assigned", "backups", "leave"] }
  ]
}`;

describe('policy check', () => {
  it('says of a good one how many rules it has, without any settings', async () => {
    expect(await check(examplePolicy)).toEqual({
      exitCode: 0,
      stdout: `${file}: in order, 5 rules\n`,
      stderr: `${file}: rule christmas: its dates are days in UTC; set zone for another\n`,
    });
    expect((await check('\uFEFF{ "rules": [{ "name": "all", "targets": ["leave"] }] }')).stdout).toBe(
      `${file}: in order, 1 rule\n`,
    );
  });

  it('notes every rule whose dates are in a zone that nobody chose', async () => {
    const hours = { zone: 'Europe/Paris', from: '09:00', to: '18:00' };
    const document = {
      rules: [
        { name: 'eve', when: { dates: '2026-12-24' }, targets: ['leave'] },
        { name: 'short day', when: { dates: '2026-12-31', hours }, targets: ['leave'] },
        { name: 'christmas', when: { dates: ['2026-12-25'], caller: 'known' }, targets: ['leave'] },
        { name: 'day', when: { hours }, targets: ['leave'] },
        { name: 'everyone', targets: ['leave'] },
      ],
    };
    expect((await check(JSON.stringify(document))).stderr).toBe(
      [
        `${file}: rule eve: its dates are days in UTC; set zone for another`,
        `${file}: rule christmas: its dates are days in UTC; set zone for another`,
        '',
      ].join('\n'),
    );
    expect((await check(JSON.stringify({ zone: 'UTC', ...document }))).stderr).toBe('');
  });

  it('lists everything that is wrong with a bad one', async () => {
    const bad = `{
      "zone": "Paris",
      "rules": [{ "name": "a", "when": { "hour": 1 }, "targets": ["leave", { "agent": "jane" }] }]
    }`;
    expect(await check(bad)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: [
        `${file}: zone: expected an IANA time zone, for instance Europe/Paris`,
        `${file}: rules[0].targets[1].agent: expected an e-mail address`,
        `${file}: rules[0].targets[1]: expected nothing after leave, which ends the list`,
        `${file}: rules[0].when.hour: expected one of the keys dates, hours, number, caller, callerCountry, contact`,
        `error: ${file}: 4 problems`,
        '',
      ].join('\n'),
    });
  });

  it.each([
    ['[]', 'the document: expected an object'],
    ['', 'not JSON: the file ends before the document does'],
    ['{ "enabled": true', 'not JSON: the file ends before the document does'],
    ['{ "zone": "UT', 'not JSON: the file ends before the document does'],
    ['{\n  "enabled": true,\n}', 'not JSON: line 3, column 1'],
    ['{\n  "enabled": yes,\n  "zone": "UTC"\n}', 'not JSON: line 2, column 14'],
    ['{\n  "zone": "UTC"\n  "enabled": true\n}', 'not JSON: line 3, column 3'],
    ['{ "zone": "a\nb" }', 'not JSON: line 1, column 13'],
    ["{ 'zone': 'UTC' }", 'not JSON: line 1, column 3'],
    ['{} {}', 'not JSON: line 1, column 4'],
  ])('refuses %j', async (text, problem) => {
    expect(await check(text)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `${file}: ${problem}\nerror: ${file}: 1 problem\n`,
    });
  });

  it('refuses what is no file', async () => {
    const nowhere = join(folder, 'nowhere.json');
    expect((await policy('check', nowhere)).stderr).toContain(`${nowhere}: no such file\n`);
    expect((await policy('check', folder)).stderr).toContain(`${folder}: not a file\n`);
  });
});

function tableOfStack() {
  const client = createDocumentClient(
    { connectMs: 1000, requestMs: 5000, attempts: 2 },
    {
      endpoint: stack.dynamodb.url,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    },
  );
  return { client, name: stack.dynamodb.tableName, account: 'default' as AccountId, now: Date.now };
}

describe('policy put', () => {
  it('notes the zone of dates before it asks', async () => {
    expect((await put(examplePolicy)).stderr).toBe(
      [
        `${file}: rule christmas: its dates are days in UTC; set zone for another`,
        'error: nobody is here to confirm this: give --yes to put it into force; nothing was done',
        '',
      ].join('\n'),
    );
  });
});

/** One story, told in the order of its steps. */
describe('a policy of ours', () => {
  it('is the built-in one at first', async () => {
    expect(await policy('get')).toEqual({
      exitCode: 0,
      stdout: [
        '{',
        '  "enabled": true,',
        '  "routeToAgentIn": ["available"],',
        '  "whenPresenceUnknown": "ask",',
        '  "presenceTrustedForSeconds": 600,',
        '  "reserveSeconds": 20,',
        '  "staleAfterSeconds": 30,',
        '  "ringSeconds": 25,',
        '  "lastAgent": { "minTalkSeconds": 30, "lookbackDays": 30, "includeOutbound": false },',
        '  "insightCard": false,',
        '  "assignOwners": false,',
        '  "zone": "UTC",',
        '  "rules": [',
        '    { "name": "everyone", "targets": ["assigned", "backups", "leave"] }',
        '  ]',
        '}',
        '',
      ].join('\n'),
      stderr: 'version 0, the built-in one\n',
    });
    expect(await policy('history')).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'no policy was ever stored: the built-in one is in force\n',
    });
  });

  const changes = [
    '  …',
    '    "presenceTrustedForSeconds": 600',
    '-   "reserveSeconds": 20',
    '+   "reserveSeconds": 30',
    '    "staleAfterSeconds": 30',
    '  …',
    '    "rules": [',
    '+     { "name": "vip", "when": { "contact": { "tier": ["gold"] } }, "targets": ["assigned", { "team": 7 }] }',
    '      { "name": "everyone", "targets": ["assigned", "backups", "leave"] }',
    '  …',
    '',
  ].join('\n');

  it('is not put where nobody can confirm it, or whoever is there does not', async () => {
    expect(await put(vipFirst)).toEqual({
      exitCode: 2,
      stdout: changes,
      stderr: 'error: nobody is here to confirm this: give --yes to put it into force; nothing was done\n',
    });
    for (const typed of ['n\n', '\n', 'yesterday\n', '']) {
      const { exitCode, stderr } = await put(vipFirst, [], typed);
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining('not confirmed, nothing was done\n')]);
    }
    expect((await policy('history')).stdout).toBe('');
  });

  it('is not put where it is bad', async () => {
    expect(await put('{ "rule": [] }', ['--yes'])).toMatchObject({ exitCode: 1, stdout: '' });
  });

  it('is put with what it changes shown first', async () => {
    const { exitCode, stdout, stderr } = await put(vipFirst, [], 'y\n');
    expect([exitCode, stdout]).toEqual([0, changes]);
    expect(stderr).toContain('Put this into force in place of the built-in policy? [y/N] ');
    expect(stderr).toContain('version 1 is stored, and in force for every call within 30 s\n');
    expect((await policy('get')).stdout).toContain('"reserveSeconds": 30');
  });

  it('put again changes nothing', async () => {
    expect(await put(vipFirst, ['--yes'])).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'unchanged: version 1 says the same\n',
    });
  });

  it('is switched off without a question', async () => {
    expect(await put('{ "enabled": false }', ['--yes'])).toMatchObject({
      exitCode: 0,
      stderr: 'version 2 is stored, and in force for every call within 30 s\n',
    });
  });

  it('can be had in an earlier version, as a document to put again', async () => {
    const { exitCode, stdout, stderr } = await policy('get', '--version', '1');
    expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/^version 1, stored 2.*Z\n$/)]);
    expect(await check(stdout)).toMatchObject({ exitCode: 0 });
    expect(JSON.parse((await policy('get', '--version', '1', '--json')).stdout)).toMatchObject({
      version: 1,
      storedAtMs: expect.any(Number),
      policy: { reserveSeconds: 30 },
    });
  });

  it('is rolled back to an earlier one, which becomes a new version', async () => {
    expect(await policy('rollback', '1', '--yes')).toMatchObject({
      exitCode: 0,
      stderr: 'version 3 is stored, and in force for every call within 30 s\n',
    });
    const { stdout } = await policy('history');
    expect(stdout.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/g, '(time)              ')).toBe(
      [
        'VERSION  STORED                ROUTER  RULES',
        '3        (time)                on      vip, everyone',
        '2        (time)                off     everyone',
        '1        (time)                on      vip, everyone',
        '',
      ].join('\n'),
    );
    expect(JSON.parse((await policy('history', '--json')).stdout)).toHaveLength(3);
  });

  it('is not rolled back to what never was', async () => {
    const error =
      'error: there is no version 9 of the policy that can be read; see: npx call-router policy history\n';
    expect(await policy('rollback', '9', '--yes')).toEqual({ exitCode: 1, stdout: '', stderr: error });
    expect(await policy('get', '--version', '9')).toEqual({ exitCode: 1, stdout: '', stderr: error });
  });

  it('is rolled back to the built-in one', async () => {
    expect(await policy('rollback', '0', '--yes')).toMatchObject({ exitCode: 0 });
    expect((await policy('get')).stdout).toBe((await policy('get', '--version', '0')).stdout);
  });

  it('is not put over one that someone else has put meanwhile', async () => {
    const table = tableOfStack();
    // They do it while we are being asked.
    async function* hesitate() {
      const inForce = await createFindPolicy(table)(Date.now() + 5000);
      if (!inForce.ok) throw new Error(inForce.failure.detail);
      await createPutPolicy(table)(
        { ...defaultPolicy, reserveSeconds: 99 },
        inForce.value,
        Date.now() + 5000,
      );
      yield 'yes\n';
    }
    writeFileSync(file, vipFirst);
    const { exitCode, stderr } = await runCommand(['policy', 'put', file], stack.environment, hesitate());
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining(
        'error: someone else has replaced version 4 meanwhile, nothing was done; see what changes now, and try again\n',
      ),
    ]);
    expect((await policy('get')).stdout).toContain('"reserveSeconds": 99');
  });

  it('that can not be read is replaced once that is confirmed, and stays in the history', async () => {
    await tableOfStack().client.send(
      new UpdateCommand({
        TableName: stack.dynamodb.tableName,
        Key: { pk: 'ACCOUNT#default', sk: 'POLICY' },
        UpdateExpression: 'SET schemaVersion = :newer',
        ExpressionAttributeValues: { ':newer': 2 },
      }),
    );
    const warning =
      'warning: the policy in force cannot be read (policy: schemaVersion): it is damaged, or newer than this program; it stays in the history as it is\n';
    const off = '{ "enabled": false }';
    const unconfirmed = await put(off);
    expect(unconfirmed).toMatchObject({
      exitCode: 2,
      stderr: `${warning}error: nobody is here to confirm this: give --yes to put it into force; nothing was done\n`,
    });
    expect(unconfirmed.stdout).toMatch(/^\+ \{\n\+ {3}"enabled": false\n/);
    expect((await put(off, [], 'y\n')).stderr).toContain(
      'Put this into force in place of the one that cannot be read? [y/N] ',
    );
    expect((await policy('get')).stderr).toContain('version 7, ');
    expect((await policy('history')).stderr).toContain('1 ');
  });

  it('that can not be read is replaced by an earlier one', async () => {
    await tableOfStack().client.send(
      new UpdateCommand({
        TableName: stack.dynamodb.tableName,
        Key: { pk: 'ACCOUNT#default', sk: 'POLICY' },
        UpdateExpression: 'SET document = :damaged',
        ExpressionAttributeValues: { ':damaged': '{' },
      }),
    );
    expect(await policy('rollback', '1', '--yes')).toMatchObject({ exitCode: 0 });
    expect((await policy('get')).stdout).toContain('"reserveSeconds": 30');
  });
});
