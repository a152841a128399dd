/** `call-router policy put <file>`: another policy into force. */
import type { Command } from 'commander';
import { addExample, yesOption } from './arguments.ts';
import { noteOnPolicy, refusePolicy } from './policy-check.ts';
import { putIntoForce } from './put-policy.ts';
import { readPolicyFile } from './read-policy.ts';
import type { Shell } from './shell.ts';

export function addPolicyPut(policy: Command, shell: Shell): void {
  const command = policy
    .command('put')
    .description('show what a policy changes, and put it into force')
    .argument('<file>', 'JSON; docs/policy.md says what can stand in it')
    .addOption(yesOption())
    .action(shell.action(put));
  addExample(command, 'policy put policy.json');

  async function put(path: string, { yes = false }: { readonly yes?: boolean }) {
    const read = await readPolicyFile(path);
    if (!read.ok) return refusePolicy(shell, path, read.failure);

    noteOnPolicy(shell, path, read.value.notes);
    return shell.withOperator((operator) => putIntoForce(shell, operator, read.value.policy, yes));
  }
}
