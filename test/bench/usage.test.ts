import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

function run(command: string, ...words: readonly string[]) {
  const argv = [`bench/${command}.ts`, ...words];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { cwd: root, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe.each([
  { command: 'bench', option: '--quick' },
  { command: 'load', option: '--rate' },
])('npm run $command', ({ command, option }) => {
  it('says what it does and which options it has', () => {
    const { status, stdout } = run(command, '--help');
    expect(status).toBe(0);
    expect(stdout).toContain(option);
  });

  it('says in one line what is wrong with how it is used', () => {
    expect(run(command, '--fast')).toEqual({
      status: 2,
      stdout: '',
      stderr: "error: unknown option '--fast'\n",
    });
    expect(run(command, 'now')).toMatchObject({ status: 2, stdout: '' });
  });
});

it('npm run load takes only numbers that make sense', () => {
  expect(run('load', '--rate', '0')).toMatchObject({ status: 2, stdout: '' });
  expect(run('load', '--seconds', 'many').stderr).toContain('not a whole number above 0');
});
