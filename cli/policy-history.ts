/** `call-router policy history`: every policy there was. */
import type { Command } from 'commander';
import { addExample, jsonOption } from './arguments.ts';
import { alignColumns, formatTime } from './columns.ts';
import { describeStoreFailure } from './failures.ts';
import type { Shell } from './shell.ts';

export function addPolicyHistory(policy: Command, shell: Shell): void {
  const command = policy
    .command('history')
    .description('list the policy in force and those before it, newest first')
    .addOption(jsonOption())
    .action(shell.action(list));
  addExample(command, 'policy history');

  async function list(options: { readonly json?: true }) {
    return shell.withOperator(async (operator) => {
      const listed = await operator.policies().listPolicies(operator.deadlineMs());
      if (!listed.ok) return shell.fail(describeStoreFailure(listed.failure));

      const { policies, unreadable } = listed.value;
      if (options.json) shell.printJson(policies);
      else if (policies.length > 0) {
        const rows = policies.map(({ version, storedAtMs, policy }) => [
          String(version),
          formatTime(storedAtMs),
          policy.enabled ? 'on' : 'off',
          policy.rules.map(({ name }) => name).join(', '),
        ]);
        for (const line of alignColumns([['VERSION', 'STORED', 'ROUTER', 'RULES'], ...rows]))
          shell.print(line);
      }
      if (policies.length === 0) shell.note('no policy was ever stored: the built-in one is in force');
      if (unreadable > 0) {
        shell.note(`warning: ${unreadable} policies are damaged, or newer than this program`);
      }
      return 0;
    });
  }
}
