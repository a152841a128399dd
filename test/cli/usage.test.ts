/** How commands end that never get to work: 2 for wrong usage, 1 for what is not set up; always one line. */
import { describe, expect, it } from 'vitest';
import { runCommand } from './command.ts';
import { listCommands } from './list-commands.ts';

const commands = await listCommands();

describe('help', () => {
  it('lists the commands', () => {
    expect(commands).toEqual([
      'contacts import',
      'contacts export',
      'contacts sync',
      'contacts get',
      'contacts assign',
      'contacts delete',
      'agents refresh',
      'agents list',
      'last-agent backfill',
      'webhook register',
      'webhook status',
      'accounts list',
      'accounts show',
      'accounts add',
      'accounts disable',
      'accounts enable',
      'accounts rotate-webhook',
      'accounts purge',
      'calls list',
      'policy check',
      'policy put',
      'policy get',
      'policy history',
      'policy rollback',
      'simulate',
      'explain',
      'doctor',
    ]);
  });

  it.each(commands)('of %s has an example and the global options', async (command) => {
    const { exitCode, stdout, stderr } = await runCommand([...command.split(' '), '--help']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`npx call-router ${command}`);
    expect(stdout).toContain('--local');
    expect(stdout.includes('--account <id>')).toBe(!command.startsWith('accounts '));
  });

  it('has the version of the program where no command is named', async () => {
    expect((await runCommand(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await runCommand(['--local', '-V'])).exitCode).toBe(0);
    expect((await runCommand(['--help'])).stdout).toContain('--version');
  });

  it('is given for the whole, and instead of a command that is missing', async () => {
    expect(await runCommand(['--help'])).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await runCommand([])).toMatchObject({ exitCode: 2, stdout: '' });
    expect(await runCommand(['contacts'])).toMatchObject({ exitCode: 2, stdout: '' });
  });
});

describe('wrong usage', () => {
  const noPhone = 'phone: not an international phone number (give --default-country for national ones)';
  const noUrl = "option '--url <url>' argument";

  it.each([
    ['nonsense', "unknown command 'nonsense'"],
    ['contacts gte', "unknown command 'gte' (Did you mean get?)"],
    ['contacts get', "missing required argument 'phone'"],
    ['contacts get 1 2', "too many arguments for 'get'. Expected 1 argument but got 2: 1, 2."],
    ['contacts get 1 --nonsense', "unknown option '--nonsense'"],
    ['contacts get 0199000007', noPhone],
    ['contacts delete 0199000007', noPhone],
    ['contacts assign 0199000007 jane@example.com', noPhone],
    ['contacts get 1 --default-country FR', 'phone: not a phone number in FR, nor an international one'],
    [
      'contacts import x.csv --default-country XX',
      "option '--default-country <code>' argument 'XX' is invalid. Not a country code such as FR.",
    ],
    [
      'contacts assign +12025550101 jane',
      "command-argument value 'jane' is invalid for argument 'agent-email'. Not an e-mail address.",
    ],
    [
      'contacts assign +12025550101 jane@example.com --backups jan',
      "option '--backups <emails>' argument 'jan' is invalid. Not an e-mail address.",
    ],
    ['webhook register', "required option '--url <url>' not specified"],
    ['webhook register --url router', `${noUrl} 'router' is invalid. Not an https URL.`],
    ['doctor --url http://a.example.com', `${noUrl} 'http://a.example.com' is invalid. Not an https URL.`],
    [
      'calls list --since 1w',
      "option '--since <time>' argument '1w' is invalid. Not a time such as 30m, 24h or 7d.",
    ],
    [
      'calls list --limit 0',
      "option '--limit <number>' argument '0' is invalid. Not a whole number above 0.",
    ],
    [
      'calls list --outcome lost',
      "option '--outcome <outcome>' argument 'lost' is invalid. Allowed choices are routed, left, in-doubt.",
    ],
    [
      'calls list --because rain',
      "option '--because <reason>' argument 'rain' is invalid. Not a reason such as no-target-available.",
    ],
    ['policy check', "missing required argument 'file'"],
    [
      'policy get --version latest',
      "option '--version <number>' argument 'latest' is invalid. Not a version such as 3.",
    ],
    [
      'policy rollback one',
      "command-argument value 'one' is invalid for argument 'version'. Not a version such as 3.",
    ],
    ['simulate', "required option '--from <caller>' not specified"],
    ['simulate --from 0199000007', noPhone],
    ['simulate --from anonymous --number 0', `option '--number <id>' argument '0' is invalid. Not a number.`],
    ...['2026-12-25', '2026-12-25T10:00', '2026-02-30T10:00Z', '2026-12-25T25:00Z', 'tomorrow'].map(
      (time): [string, string] => [
        `simulate --from anonymous --at ${time}`,
        `option '--at <time>' argument '${time}' is invalid. Not a time with its offset, such as 2026-12-25T10:00+01:00.`,
      ],
    ),
    ['accounts show', "missing required argument 'id'"],
    ['accounts add lantern', "required option '--url <url>' not specified"],
    [
      'accounts disable Lantern',
      "command-argument value 'Lantern' is invalid for argument 'id'. Not an account id: a-z, 0-9 and -, at most 40.",
    ],
    ['explain x', "command-argument value 'x' is invalid for argument 'call id'. Not a number."],
  ])('%s ends with 2', async (line, error) => {
    expect(await runCommand(line.split(' '))).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `error: ${error}\n`,
    });
  });
});

describe('without its settings', () => {
  const noTable = 'TABLE_NAME is not set (set it, or use --local for the local stack)';
  const noSealingKey = 'SEALING_KEY_ID is not set (set it, or use --local for the local stack)';
  const noAircall = 'AIRCALL_API_ID is not set (set it, or use --local for the local stack)';

  it.each([
    ['contacts get +12025550101', noTable],
    ['contacts delete +12025550101', noTable],
    ['contacts assign +12025550101 jane@example.com', noTable],
    ['contacts import package.json', noTable],
    ['agents list', noTable],
    ['calls list', noTable],
    ['policy get', noTable],
    ['policy history', noTable],
    ['policy rollback 0', noTable],
    ['simulate --from anonymous', noTable],
    ['explain 1', noTable],
    ['accounts list', noTable],
    ['accounts show lantern', noTable],
    ['accounts disable lantern', noTable],
    ['accounts enable lantern', noTable],
    ['accounts purge lantern --yes', noTable],
    ['accounts rotate-webhook lantern', noSealingKey],
    ['accounts rotate-webhook default', noAircall],
    ['accounts add lantern --url https://router.example.com/aircall/calls', noAircall],
    ['contacts get +12025550101 --account lantern', noTable],
    ['agents refresh', noAircall],
    ['webhook status', noAircall],
    ['webhook register --url https://router.example.com/aircall/calls', noAircall],
  ])('%s ends with 1 and names the missing one', async (line, error) => {
    expect(await runCommand(line.split(' '))).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `error: ${error}\n`,
    });
  });

  it('a table that does not answer is told in one line', async () => {
    const environment = {
      TABLE_NAME: 'call-router-test',
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
    };
    expect(await runCommand(['contacts', 'get', '+12025550101'], environment)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        'error: the table could not be used: nothing answers at its address (ECONNREFUSED): check the network, and AWS_ENDPOINT_URL_DYNAMODB where it is set\n',
    });
  });
});
