/** `call-router policy get`: the policy in force, or another version. */
import type { Command } from 'commander';
import { addExample, jsonOption, parseVersionArgument } from './arguments.ts';
import { formatTime } from './columns.ts';
import { describeStoreFailure } from './failures.ts';
import { describeMissing, findVersion } from './find-version.ts';
import { formatPolicy } from './format-policy.ts';
import type { Shell } from './shell.ts';

type Options = { readonly version?: number; readonly json?: true };

export function addPolicyGet(policy: Command, shell: Shell): void {
  const command = policy
    .command('get')
    .description('print the policy in force, as a document that can be edited and put again')
    .option('--version <number>', 'another version; 0 is the built-in one', parseVersionArgument)
    .addOption(jsonOption())
    .addHelpText('after', '\nWith --json, the document comes with its version and when it was stored.')
    .action(shell.action(get));
  addExample(command, 'policy get > policy.json', 'policy get --version 3');

  async function get({ version, json }: Options) {
    return shell.withOperator(async (operator) => {
      const found = await findVersion(operator, version);
      if (!found.ok) return shell.fail(describeStoreFailure(found.failure));
      if (found.value === undefined) return shell.fail(describeMissing(operator, version));

      if (json) {
        shell.printJson(found.value);
        return 0;
      }
      const { storedAtMs, policy } = found.value;
      for (const line of formatPolicy(policy)) shell.print(line);
      const since = storedAtMs === undefined ? 'the built-in one' : `stored ${formatTime(storedAtMs)}`;
      shell.note(`version ${found.value.version}, ${since}`);
      return 0;
    });
  }
}
