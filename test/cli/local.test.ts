/** The program itself, in a process of its own, over the local stack. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { startLocalStack } from '../../local/stack.ts';

const program = fileURLToPath(new URL('../../cli/call-router.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'call-router-local-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** From another folder: where it is run must not matter. */
function call(...argv: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const options = { cwd: tmpdir(), env: { ...process.env, CALL_ROUTER_LOCAL_FOLDER: folder } };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...argv], options, (_error, stdout, stderr) =>
      resolve({ exitCode: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

it('keeps what was changed in the table of the local stack, when none is running', async () => {
  await call('agents', 'refresh', '--local');
  expect(await call('contacts', 'assign', '+442079460123', 'jan@example.com', '--local')).toEqual({
    exitCode: 0,
    stdout: '',
    stderr: '+442079460123 is assigned to jan@example.com\n',
  });
  const { stdout } = await call('--local', 'contacts', 'get', '+442079460123', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ name: 'Zoë Martin', assignedTo: 'jan@example.com' });
});

it('uses the stack that is running, and not one that has ended', async () => {
  const stack = await startLocalStack();
  writeFileSync(
    join(folder, 'stack.json'),
    JSON.stringify({ environment: stack.environment, pid: process.pid }),
  );
  expect((await call('agents', 'refresh', '--local')).stdout).toBe(
    '3 users at Aircall: 0 written, 0 gone\n3 presences checked: 0 corrected\n',
  );
  expect(stack.aircall.requests).toHaveLength(2);

  await stack.close();
  const { stdout } = await call('contacts', 'get', '+442079460123', '--json', '--local');
  expect(JSON.parse(stdout)).toMatchObject({ assignedTo: 'jan@example.com' });
});

it('does not bring back a sample contact that was deleted', async () => {
  await call('contacts', 'delete', '+33199000007', '--local');
  expect(await call('contacts', 'get', '+33199000007', '--local')).toMatchObject({ exitCode: 1 });
});

it('does not believe the word of a stack whose process has ended, whoever answers at its address', async () => {
  const ended = execFile(process.execPath, ['--version']);
  await once(ended, 'exit');
  const other = await startLocalStack();
  writeFileSync(
    join(folder, 'stack.json'),
    JSON.stringify({ environment: other.environment, pid: ended.pid }),
  );

  await call('agents', 'refresh', '--local');
  expect(other.aircall.requests).toHaveLength(0);
  await other.close();
});

it.each([
  'webhook register --url https://router.example.com/aircall/calls',
  'webhook status',
  'accounts add lantern --url https://router.example.com/aircall/calls',
  'accounts rotate-webhook default',
])('has no webhook for %s without a stack that runs', async (line) => {
  expect(await call(...line.split(' '), '--local')).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: 'error: start the local stack first: npm start\n',
  });
});

it('ends with the exit code of its command, and one line', async () => {
  expect(await call('contacts', 'get', '+12025550199', '--local')).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: 'error: no contact has the phone …99\n',
  });
  expect(await call('nonsense')).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: "error: unknown command 'nonsense'\n",
  });
});
