import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/stack.ts';
import { runCommand } from './command.ts';

let folder: string;
let file: string;
let stack: LocalStack;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'call-router-sync-'));
  file = join(folder, 'contacts.csv');
  stack = await startLocalStack({ contacts: [] });
});
afterEach(async () => {
  await stack.close();
  rmSync(folder, { recursive: true, force: true });
});

const contacts = (...argv: string[]) => runCommand(['contacts', ...argv], stack.environment);
const get = async (phone: string) => JSON.parse((await contacts('get', phone, '--json')).stdout);

function putContacts() {
  stack.aircall.putContact({
    id: '700001',
    firstName: 'Zoë',
    lastName: 'Martin',
    companyName: 'Northwind Tea',
    phones: ['+442079460123'],
  });
  stack.aircall.putContact({
    id: '700002',
    firstName: 'Nora',
    information: 'owner:jan@example.com\ntier:gold',
    phones: ['+442079460188'],
  });
}

async function importText(text: string) {
  const path = join(folder, 'own.csv');
  writeFileSync(path, text);
  expect((await contacts('import', path)).exitCode).toBe(0);
}

describe('contacts sync', () => {
  it('brings contacts in, joined with ours by their phone, and changes nothing the second time', async () => {
    await importText('phone,name,agent_email,tier\n+442079460123,Zoe,jane@example.com,silver\n');
    putContacts();
    expect(await contacts('sync')).toEqual({
      exitCode: 0,
      stdout: '2 contacts at Aircall: 2 updated, 0 unchanged\n',
      stderr: '',
    });
    expect(await get('+442079460123')).toEqual({
      phone: '+442079460123',
      name: 'Zoë Martin',
      company: 'Northwind Tea',
      assignedTo: 'jane@example.com',
      backups: [],
      attributes: { tier: 'silver' },
    });
    expect(await contacts('sync', '--json')).toMatchObject({
      exitCode: 0,
      stdout: `${JSON.stringify(
        {
          isResumed: false,
          isComplete: true,
          contacts: 2,
          updated: 0,
          unchanged: 2,
          assigned: 0,
          unreadable: 0,
        },
        null,
        2,
      )}\n`,
    });
  });

  it('assigns the owner that the information names when asked to, and shows a bar to whoever is there', async () => {
    putContacts();
    const { exitCode, stdout, stderr } = await runCommand(
      ['contacts', 'sync', '--assign', '--from-start'],
      stack.environment,
      '',
    );
    expect([exitCode, stdout]).toEqual([0, '2 contacts at Aircall: 2 updated, 0 unchanged, 1 assigned\n']);
    expect(stderr).toContain('%');
    expect(await get('+442079460188')).toMatchObject({
      assignedTo: 'jan@example.com',
      attributes: { owner: 'jan@example.com', tier: 'gold' },
    });
  });

  it('says why it stopped, and ends with 1', async () => {
    stack.aircall.failAlways('GET /v1/contacts', { kind: 'status', status: 403 });
    expect(await contacts('sync')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        'error: Aircall did not accept our credentials (GET /v1/contacts: 403); run it again to go on from there\n',
    });
  });

  it('ends with 1 where contacts cannot be read', async () => {
    const body = { contacts: [{ id: 1 }], meta: {} };
    stack.aircall.failAlways('GET /v1/contacts', { kind: 'status', status: 200, body });
    expect(await contacts('sync')).toEqual({
      exitCode: 1,
      stdout: '0 contacts at Aircall: 0 updated, 0 unchanged, 1 that cannot be read\n',
      stderr: '',
    });
  });
});

describe('contacts delete', () => {
  it('says that Aircall has a contact, too', async () => {
    putContacts();
    await contacts('sync');
    expect(await contacts('delete', '+442079460123')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        'error: what is ours of …23 is deleted, but it is the phone of a contact at Aircall: delete it there, too\n',
    });
  });
});

describe('contacts export', () => {
  const own = [
    'phone,name,company,agent_email,backup_emails,"size, in cm",tier',
    '+12025550101,"Rivers, Sam","The ""Rivers""",jane@example.com,jan@example.com;amelie@example.com,180,',
    '+12025550102,,,,,,gold',
    '',
  ].join('\n');

  it('writes what import reads, and a round trip writes nothing', async () => {
    await importText(own);
    expect(await contacts('export')).toEqual({ exitCode: 0, stdout: own, stderr: '' });

    putContacts();
    await contacts('sync');
    await contacts('assign', '+442079460188', 'jane@example.com');
    expect(await contacts('export', file)).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: `4 contacts written to ${file}\n`,
    });
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('\n+442079460188,Nora,,jane@example.com,,jan@example.com,,gold\n');
    expect(await contacts('import', file)).toMatchObject({
      exitCode: 0,
      stdout: '4 rows: 0 written, 4 unchanged\n',
    });
    expect((await contacts('export')).stdout).toBe(text);
  });

  it('of nobody is a file of contacts, too', async () => {
    expect(await contacts('export')).toEqual({
      exitCode: 0,
      stdout: 'phone,name,company,agent_email,backup_emails\n',
      stderr: '',
    });
  });

  it('prints contacts as JSON', async () => {
    await importText('phone\n+12025550101\n');
    expect(JSON.parse((await contacts('export', '--json')).stdout)).toEqual([
      { phone: '+12025550101', backups: [], attributes: {} },
    ]);
    expect(JSON.parse((await contacts('export', file, '--json')).stdout)).toEqual({
      contacts: 1,
      unreadable: 0,
    });
  });

  it('fails where the file cannot be written, and leaves nothing behind', async () => {
    expect(await contacts('export', join(folder, 'no', 'such.csv'))).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `error: ${join(folder, 'no', 'such.csv')}: ENOENT\n`,
    });
  });
});
