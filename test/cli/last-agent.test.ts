import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/stack.ts';
import { runCommand } from './command.ts';

let stack: LocalStack;
beforeEach(async () => {
  stack = await startLocalStack();
});
afterEach(() => stack.close());

const command = (...argv: string[]) => runCommand(argv, stack.environment);
const backfill = (...options: string[]) => command('last-agent', 'backfill', ...options);
const timeless = (text: string) => text.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/g, '(time)');

function putCall(id: string, daysAgo: number, changes: Record<string, unknown> = {}) {
  const startedAtSeconds = Math.floor(Date.now() / 1000) - daysAgo * 86_400;
  const times = {
    startedAtSeconds,
    answeredAtSeconds: startedAtSeconds + 5,
    endedAtSeconds: startedAtSeconds + 95,
  };
  const call = { id, status: 'done' as const, rawDigits: '+1 202 555 0133', userId: 457, ...times };
  stack.aircall.putCall({ ...call, ...changes });
}

describe('last-agent backfill', () => {
  beforeEach(() => {
    putCall('812000001', 20, { userId: 456 });
    putCall('812000002', 9);
    putCall('812000003', 8, { answeredAtSeconds: null, userId: null });
    putCall('812000004', 7, { direction: 'outbound', userId: 456 });
    putCall('812000005', 40);
  });

  it('remembers who spoke to whom, and says what became of the calls', async () => {
    await stack.setPolicy({ rules: [{ name: 'everyone', targets: ['last-agent'] }] });
    const { exitCode, stdout, stderr } = await backfill();
    expect([exitCode, stdout, timeless(stderr)]).toEqual([
      0,
      '4 calls: 2 remembered, 1 no conversation, 1 made by an agent\n',
      'the calls since (time)\n',
    ]);
    expect((await command('simulate', '--from', '+12025550133')).stdout).toContain(
      'jan@example.com (last-agent)',
    );
  });

  it('says the same to a program, and changes nothing the second time', async () => {
    await backfill();
    const { exitCode, stdout } = await backfill('--json');
    expect([exitCode, JSON.parse(stdout)]).toEqual([
      0,
      {
        fromMs: expect.any(Number),
        toMs: expect.any(Number),
        isResumed: false,
        calls: 4,
        came: {
          saved: 0,
          kept: 2,
          'outbound-conversation': 1,
          'too-short': 0,
          'too-old': 0,
          'from-the-future': 0,
          'unknown-agent': 0,
          'item-unreadable': 0,
          'no-conversation': 1,
        },
      },
    ]);
  });

  it('goes back as many days as it is told, and shows a bar to whoever is there', async () => {
    const { stdout, stderr } = await runCommand(
      ['last-agent', 'backfill', '--days', '10', '--from-start'],
      stack.environment,
      '',
    );
    expect(stdout).toContain('3 calls: 1 remembered');
    expect(stderr).toContain('%');
  });

  it('says why it stopped, and ends with 1', async () => {
    stack.aircall.failAlways('GET /v1/calls', { kind: 'status', status: 403 });
    const { exitCode, stdout, stderr } = await backfill();
    expect([exitCode, stdout, timeless(stderr)]).toEqual([
      1,
      '',
      'the calls since (time)\nerror: Aircall did not accept our credentials (GET /v1/calls: 403); run it again to go on from there\n',
    ]);
  });

  it.each(['0', '185', '1.5', 'all'])('takes no such days: %s', async (days) => {
    expect(await backfill('--days', days)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('Not a whole number from 1 to 184.'),
    });
  });
});
