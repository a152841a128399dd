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
    const policy = await readPolicyFile(path);
    if (!policy.ok) return refusePolicy(shell, path, policy.failure);

    const { length } = policy.value.rules;
    shell.print(`${path}: in order, ${length} ${length === 1 ? 'rule' : 'rules'}`);
    return 0;
  }
}

export function refusePolicy(shell: Shell, path: string, problems: readonly string[]): 1 {
  for (const problem of problems) shell.note(`${path}: ${problem}`);
  return shell.fail(`${path}: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`);
}
