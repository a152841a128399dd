/** `call-router policy check <file>`: whether a policy is in order. */
import type { Command } from 'commander';
import { addExample } from './arguments.ts';
import { readPolicyFile } from './read-policy.ts';
import type { Shell } from './shell.ts';

export function addPolicyCheck(policy: Command, shell: Shell): void {
  const command = policy
    .command('check')
    .description('check a policy, and list everything that is wrong with it')
    .argument('<file>', 'JSON; docs/policy.md says what can stand in it')
    .action(shell.action(check));
  addExample(command, 'policy check policy.json');

  async function check(path: string) {
    const read = await readPolicyFile(path);
    if (!read.ok) return refusePolicy(shell, path, read.failure);

    const { policy, notes } = read.value;
    noteOnPolicy(shell, path, notes);
    const { length } = policy.rules;
    shell.print(`${path}: in order, ${length} ${length === 1 ? 'rule' : 'rules'}`);
    return 0;
  }
}

export function noteOnPolicy(shell: Shell, path: string, notes: readonly string[]): void {
  for (const note of notes) shell.note(`${path}: ${note}`);
}

export function refusePolicy(shell: Shell, path: string, problems: readonly string[]): 1 {
  noteOnPolicy(shell, path, problems);
  return shell.fail(`${path}: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`);
}
