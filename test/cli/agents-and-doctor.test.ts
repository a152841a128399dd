import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/stack.ts';
import { runCommand } from './command.ts';

let stack: LocalStack;
beforeEach(async () => {
  stack = await startLocalStack({ knowsAgents: false });
});
afterEach(() => stack.close());

const command = (...argv: string[]) => runCommand(argv, stack.environment);

describe('agents', () => {
  it('are none before the first refresh', async () => {
    expect(await command('agents', 'list')).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'no agent is known yet; see: npx call-router agents refresh\n',
    });
  });

  it('are brought in step with Aircall, and listed', async () => {
    expect(await command('agents', 'refresh')).toEqual({
      exitCode: 0,
      stdout: '3 users at Aircall: 3 written, 0 gone\n3 presences checked: 0 corrected\n',
      stderr: '',
    });
    stack.aircall.removeUser(458);
    stack.aircall.setAvailability(457, 'in_call');
    const { stdout: json } = await command('agents', 'refresh', '--json');
    expect(JSON.parse(json)).toEqual({ users: 2, written: 0, gone: 1, presences: 2, corrected: 1 });

    const { exitCode, stdout } = await command('agents', 'list');
    expect(exitCode).toBe(0);
    expect(stdout.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/g, '(time)')).toBe(
      [
        'E-MAIL              NAME          AIRCALL USER    PRESENCE   SINCE                 CHECKED',
        'amelie@example.com  –             not on Aircall  offline    (time)  (time)',
        'jan@example.com     Jan de Vries  457             in_call    (time)  (time)',
        'jane@example.com    Jane Doe      456             available  (time)  (time)',
        '',
      ].join('\n'),
    );
    expect(JSON.parse((await command('agents', 'list', '--json')).stdout)).toMatchObject([
      { email: 'amelie@example.com' },
      { email: 'jan@example.com', aircallUserId: 457 },
      {
        email: 'jane@example.com',
        aircallUserId: 456,
        name: 'Jane Doe',
        presence: { presence: 'available', source: 'check' },
      },
    ]);
  });

  it('stay who they are where Aircall does not list its users, and are checked all the same', async () => {
    await command('agents', 'refresh');
    stack.aircall.setAvailability(457, 'in_call');
    stack.aircall.failAlways('GET /v2/users', { kind: 'status', status: 403 });
    expect(await command('agents', 'refresh')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        'error: aircall-forbidden: GET /v2/users: 403 (all the same: agents written 0, gone 0; presences checked 3, corrected 1)\n',
    });
    const { stdout } = await command('agents', 'list');
    expect(stdout).toMatch(/jan@example\.com +Jan de Vries +457 +in_call/);
  });
});

describe('doctor', () => {
  const url = 'https://router.example.com/aircall/calls';

  it('names what is wrong on a new stack, and what to do', async () => {
    expect(await command('doctor', '--url', url)).toEqual({
      exitCode: 1,
      stdout: [
        'credentials  ok     Aircall takes them',
        "clock        ok     within 10 s of Aircall's",
        `webhook      FAULT  none is registered for ${url}`,
        `                    → npx call-router webhook register --url ${url}`,
        'missed       ok     no refresh has seen our webhook yet; calls recorded in the last day that nobody announced: 0',
        'table        ok     there, with its indexes',
        'agents       FAULT  3 of 3 users at Aircall are not known here as they are, 0 known here are gone',
        '                    → npx call-router agents refresh; the scheduled refresh does so every 5 minutes: see that it runs',
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  it('finds nothing wrong once its advice was followed', async () => {
    await command('agents', 'refresh');
    await command('webhook', 'register', '--url', url);
    expect(await command('doctor')).toEqual({
      exitCode: 0,
      stdout: [
        'credentials  ok  Aircall takes them',
        "clock        ok  within 10 s of Aircall's",
        `webhook      ok  ${url}: active, our events, token accepted`,
        'missed       ok  no refresh has seen our webhook yet; calls recorded in the last day that nobody announced: 0',
        'table        ok  there, with its indexes',
        'agents       ok  3 at Aircall, all known here',
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  it('names settings that are missing, and checks what is left', async () => {
    const { AIRCALL_API_TOKEN: _, ...environment } = stack.environment;
    const { exitCode, stdout } = await runCommand(['doctor', '--json'], environment);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toEqual([
      {
        part: 'credentials',
        verdict: 'fault',
        text: 'AIRCALL_API_TOKEN is not set',
        remedies: ['set it, or use --local for the local stack'],
      },
      { part: 'clock', verdict: 'not-checked', text: 'needs the settings for Aircall' },
      { part: 'webhook', verdict: 'not-checked', text: 'needs the settings for Aircall' },
      {
        part: 'missed',
        verdict: 'ok',
        text: 'no refresh has seen our webhook yet; calls recorded in the last day that nobody announced: 0',
      },
      { part: 'table', verdict: 'ok', text: 'there, with its indexes' },
      { part: 'agents', verdict: 'not-checked', text: 'needs both Aircall and the table' },
    ]);
  });

  it('looks at Aircall all the same where the table has no name', async () => {
    stack.addWebhook(url);
    const { TABLE_NAME: _, ...environment } = stack.environment;
    expect((await runCommand(['doctor'], environment)).stdout).toBe(
      [
        'credentials  ok           Aircall takes them',
        "clock        ok           within 10 s of Aircall's",
        `webhook      ok           ${url}: active, our events, token not checked: the table could not be read`,
        'missed       not checked  needs the table',
        'table        FAULT        TABLE_NAME is not set',
        '                          → set it, or use --local for the local stack',
        'agents       not checked  needs both Aircall and the table',
        '',
      ].join('\n'),
    );
  });

  it('names a setting that is wrong', async () => {
    const environment = { ...stack.environment, AIRCALL_API_URL: 'api.aircall.io' };
    expect((await runCommand(['doctor'], environment)).stdout).toMatch(
      /^credentials {2}FAULT {8}AIRCALL_API_URL is not a URL\n {26}→ correct it\n/,
    );
  });

  it('tells a table that does not exist', async () => {
    const environment = { ...stack.environment, TABLE_NAME: 'elsewhere' };
    expect((await runCommand(['doctor'], environment)).stdout).toContain('FAULT        does not exist');
  });
});
