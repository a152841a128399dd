import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/stack.ts';
import { runCommand } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'call-router-cli-'));
let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack();
  await runCommand(['agents', 'refresh'], stack.environment);
});
afterAll(async () => {
  await stack.close();
  rmSync(folder, { recursive: true });
});

const contacts = (...argv: string[]) => runCommand(['contacts', ...argv], stack.environment);

function importText(text: string, ...options: string[]) {
  const path = join(folder, 'contacts.csv');
  writeFileSync(path, text);
  return contacts('import', path, ...options);
}

async function read(phone: string): Promise<unknown> {
  const { stdout } = await contacts('get', phone, '--json');
  return stdout === '' ? undefined : JSON.parse(stdout);
}

describe('contacts get', () => {
  it('prints a contact, its phone in any written form', async () => {
    const expected = {
      exitCode: 0,
      stdout: [
        'phone        +442079460123',
        'name         Zoë Martin',
        'company      Northwind Tea',
        'assigned to  jane@example.com',
        'backups      nobody',
        '',
      ].join('\n'),
      stderr: '',
    };
    expect(await contacts('get', '+44 20 7946 0123')).toEqual(expected);
    expect(await contacts('get', '020 7946 0123', '--default-country', 'gb')).toEqual(expected);
  });

  it('fails for a phone of nobody', async () => {
    expect(await contacts('get', '+12025550199')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'error: no contact has the phone …99\n',
    });
  });
});

describe('contacts assign', () => {
  it('changes the agent of a contact and leaves the rest', async () => {
    await importText(
      'phone,name,agent_email,backup_emails,tier\n+12025550110,Ada,jane@example.com,jan@example.com,gold\n',
    );
    expect(await contacts('assign', '+1 202 555 0110', 'Amelie@Example.com')).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: '+12025550110 is assigned to amelie@example.com\n',
    });
    expect(await read('+12025550110')).toEqual({
      phone: '+12025550110',
      name: 'Ada',
      assignedTo: 'amelie@example.com',
      backups: ['jan@example.com'],
      attributes: { tier: 'gold' },
    });
  });

  it('changes the backups where they are given, to nobody too', async () => {
    await contacts(
      'assign',
      '+12025550111',
      'jane@example.com',
      '--backups',
      'jan@example.com; amelie@example.com',
    );
    expect(await read('+12025550111')).toMatchObject({ backups: ['jan@example.com', 'amelie@example.com'] });
    await contacts('assign', '+12025550111', 'jane@example.com', '--backups', '');
    expect(await read('+12025550111')).toMatchObject({ backups: [] });
  });

  it('creates a contact that is not there, and says so', async () => {
    expect(await contacts('assign', '+12025550112', 'jane@example.com')).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: '+12025550112 is assigned to jane@example.com; there was no such contact, it was created\n',
    });
    expect(await read('+12025550112')).toEqual({
      phone: '+12025550112',
      assignedTo: 'jane@example.com',
      backups: [],
      attributes: {},
    });
  });
});

it('contacts assign warns of e-mails that no agent at Aircall is known by', async () => {
  const unknown = 'ghost@example.com';
  expect(await contacts('assign', '+12025550114', unknown, '--backups', 'jan@example.com', '--json')).toEqual(
    {
      exitCode: 0,
      stdout: `${JSON.stringify({ phone: '+12025550114', did: 'created', assignedTo: unknown, backups: ['jan@example.com'] }, null, 2)}\n`,
      stderr: `warning: no agent at Aircall is known as ${unknown}; see: npx call-router agents list, and: agents refresh\n`,
    },
  );
});

it('contacts delete prints JSON', async () => {
  await importText('phone,agent_email\n+12025550115,jane@example.com\n');
  const { stdout } = await contacts('delete', '+12025550115', '--json');
  expect(JSON.parse(stdout)).toEqual({ phone: '+12025550115', did: 'deleted' });
});

it('contacts delete forgets a contact, and fails for a phone of nobody', async () => {
  await importText('phone,agent_email\n+12025550113,jane@example.com\n');
  expect(await contacts('delete', '+12025550113')).toEqual({
    exitCode: 0,
    stdout: '',
    stderr: 'deleted +12025550113\n',
  });
  expect(await contacts('delete', '+12025550113')).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: 'error: no contact has the phone …13\n',
  });
});

describe('contacts import', () => {
  it('imports a file, and the second time changes nothing', async () => {
    const text =
      '\uFEFFname,phone,agent_email,backup_emails,tier\r\n"Inès\r\nMoreau",01 99 00 00 20,Jan@Example.com,jane@example.com;amelie@example.com,gold\r\n';
    expect(await importText(text, '--default-country', 'FR')).toEqual({
      exitCode: 0,
      stdout: '1 row: 1 written, 0 unchanged\n',
      stderr: '',
    });
    expect(await importText(text, '--default-country', 'FR')).toEqual({
      exitCode: 0,
      stdout: '1 row: 0 written, 1 unchanged\n',
      stderr: '',
    });
    expect(await read('+33199000020')).toEqual({
      phone: '+33199000020',
      name: 'Inès\r\nMoreau',
      assignedTo: 'jan@example.com',
      backups: ['jane@example.com', 'amelie@example.com'],
      attributes: { tier: 'gold' },
    });
  });

  const mixed = [
    'phone,name,agent_email,backup_emails',
    '+12025550120,first,jane@example.com,',
    '+12025550121,"two',
    'lines",jane@example.com,',
    '0199000021,national,,',
    '+12025550122,"Q"uoted,,',
    '+12025550123,bad,jane,x;jan@example.com',
    '+12025550124,Smith, Ltd,,',
    ',nobody,,',
    '+1 202-555-0120,last,jan@example.com,',
    '',
  ].join('\n');

  it('lists bad rows by line without showing what is in them, and rows that come again', async () => {
    expect(await importText(mixed)).toEqual({
      exitCode: 1,
      stdout: '8 rows: 2 written, 0 unchanged, 1 superseded, 5 bad\n',
      stderr: [
        'line 5: phone: not an international phone number (give --default-country for national ones)',
        'line 6: a quote is not closed, or something stands between a quote and its comma',
        'line 7: agent_email: not an e-mail address',
        'line 7: backup_emails: not an e-mail address',
        'line 8: agent_email: not an e-mail address',
        'line 9: phone: missing',
        'line 2: the phone comes again in line 10, which counts',
        '',
      ].join('\n'),
    });
    expect(await read('+12025550120')).toMatchObject({ name: 'last', assignedTo: 'jan@example.com' });
  });

  it('prints its summary as JSON', async () => {
    const { exitCode, stdout } = await importText(mixed, '--json');
    expect([exitCode, JSON.parse(stdout)]).toEqual([
      1,
      {
        rows: 8,
        written: 0,
        unchanged: 2,
        bad: 5,
        superseded: 1,
        badRows: [
          { line: 5, column: 'phone', because: 'not-international' },
          { line: 6, because: 'broken-quotes' },
          { line: 7, column: 'agent_email', because: 'not-an-email' },
          { line: 7, column: 'backup_emails', because: 'not-an-email' },
          { line: 8, column: 'agent_email', because: 'not-an-email' },
          { line: 9, column: 'phone', because: 'missing' },
        ],
      },
    ]);
  });

  it.each([
    ['', 'is empty'],
    ['name\nZoë\n', 'the first line names no column "phone" (columns are separated by commas)'],
    ['phone,phone\n', 'the first line names a column twice'],
    [
      'phone,"name\n',
      'the first line: a quote is not closed, or something stands between a quote and its comma',
    ],
    [
      'phone,constructor\n+12025550125,x\n',
      'the first line names a column "constructor", "prototype" or "__proto__": these cannot be stored, rename it',
    ],
    ['phone,Pr\uFFFDnom\n', 'the first line is not UTF-8 text (save the file as UTF-8)'],
  ])('refuses the file %j', async (text, problem) => {
    expect(await importText(text)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `error: ${join(folder, 'contacts.csv')}: ${problem}\n`,
    });
  });

  it('says how long a row may be', async () => {
    expect((await importText(`phone,agent_email,note\n+12025550126,,${'é'.repeat(50_001)}\n`)).stderr).toBe(
      'line 2: longer than 100,000 bytes; is a quote not closed?\n',
    );
  });

  it('refuses what is no file', async () => {
    const nowhere = join(folder, 'nowhere.csv');
    expect(await contacts('import', nowhere)).toMatchObject({
      exitCode: 1,
      stderr: `error: ${nowhere}: no such file\n`,
    });
    expect(await contacts('import', folder)).toMatchObject({
      exitCode: 1,
      stderr: `error: ${folder}: not a file\n`,
    });
  });
});
