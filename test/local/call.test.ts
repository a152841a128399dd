/** `npm run call`, in a process of its own, over a stack in this one. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/stack.ts';

const program = fileURLToPath(new URL('../../local/call.ts', import.meta.url));
let folder: string;
let stack: LocalStack | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'call-router-call-'));
});
afterEach(async () => {
  await stack?.close();
  stack = undefined;
  rmSync(folder, { recursive: true });
});

function call(...argv: string[]): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  const options = { cwd: tmpdir(), env: { ...process.env, CALL_ROUTER_LOCAL_FOLDER: folder } };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...argv], options, (_error, stdout, stderr) =>
      resolve({ exitCode: child.exitCode, stdout, stderr }),
    );
  });
}

async function startStack() {
  stack = await startLocalStack();
  const word = { environment: stack.environment, pid: process.pid };
  writeFileSync(join(folder, 'stack.json'), JSON.stringify(word));
  return stack;
}

it('tells the story of a call that an agent answers, and ends with it', async () => {
  const { aircall } = await startStack();
  const from = ['--from', '+33 1 99 00 00 07'];
  const ended = await call(
    ...from,
    '--distribution',
    '457',
    '--agent',
    'answers',
    '--after',
    '0',
    '--talk',
    '0',
  );

  expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
  expect(ended.stdout.replaceAll(/^ *[\d.]+ s {2}/gm, '').replace(/call \d+:/, 'call …:')).toBe(
    [
      'call …: +33 1 99 00 00 07 is calling',
      'Jan de Vries (457): the phone rings',
      'Jan de Vries (457) answers',
      'the call is over: the caller hung up',
      '',
    ].join('\n'),
  );
  expect(aircall.telephone.takenAway).toEqual([]);
});

it('has agents answer where there is no terminal to press keys at', async () => {
  await startStack();
  const ended = await call('--from', 'anonymous', '--distribution', '456,457', '--after', '0', '--talk', '0');
  expect(ended.stdout).toContain('answers');
});

it('places a call by the call flow, whose fallback is the distribution', async () => {
  await startStack();
  const rest = ['--distribution', '457', '--after', '0', '--talk', '0'];
  const ended = await call('--from', 'anonymous', '--flow', ...rest);
  expect(ended.stdout).toContain('the call flow asks the router who should ring');
  expect(ended.stdout).toContain('the call flow goes on to its fallback');
  expect(ended.stdout).toContain('Jan de Vries (457) answers');
});

it('places a call at another company’s number, whose users ring', async () => {
  const { aircall } = await startStack();
  const rest = ['--company', '90210', '--distribution', '456,771', '--after', '0', '--talk', '0'];
  const ended = await call('--from', '+33 1 99 00 00 42', ...rest);
  expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
  expect(ended.stdout).toContain('Nina Falk (771) answers');
  expect(ended.stdout).not.toContain('(456)');
  const callId = /call (\d+):/.exec(ended.stdout)?.[1] ?? '';
  expect(aircall.company(90_210).telephone.call(callId)?.phase).toBe('over');
  expect(aircall.telephone.call(callId)).toBeUndefined();
});

it('ends with 2 where there is no such company', async () => {
  await startStack();
  expect(await call('--from', 'anonymous', '--company', '7')).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: 'the telephone refused the call: no such company\n',
  });
});

it('ends with 1 where no stack runs, or only its word is left', async () => {
  const noStack = { exitCode: 1, stdout: '', stderr: 'no local stack is running: start it with npm start\n' };
  expect(await call('--from', 'anonymous')).toEqual(noStack);

  const { close } = await startStack();
  await close();
  expect(await call('--from', 'anonymous')).toEqual(noStack);
});

it.each([
  [[], "error: required option '--from <digits>' not specified"],
  [['--from', ''], 'nobody calls'],
  [['--from', 'anonymous', '--agent', 'sleeps'], 'Allowed choices are answers, declines, ignores.'],
  [['--from', 'anonymous', '--flow', 'sideways'], 'Allowed choices are asks-first, announced-first.'],
  [['--from', 'anonymous', '--company', 'tidewater'], 'not an id'],
  [['--from', 'anonymous', '--distribution', 'jane'], 'not user ids'],
  [['--from', 'anonymous', '--talk', 'long'], 'not seconds'],
  [['--from', 'anonymous', '--reordering', 'much'], 'not a whole number'],
])('ends with 2 on %j', async (argv, message) => {
  const ended = await call(...argv);
  expect(ended.exitCode).toBe(2);
  expect(ended.stderr).toContain(message);
});

it('explains itself', async () => {
  const ended = await call('--help');
  expect(ended.exitCode).toBe(0);
  expect(ended.stdout).toContain('--agent <habit>');
});
