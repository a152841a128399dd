/** `call-router policy rollback <version>`: an earlier policy into force again, as a new version. */
import type { Command } from 'commander';
import { addExample, parseVersionArgument, yesOption } from './arguments.ts';
import { describeStoreFailure } from './failures.ts';
import { describeMissing, findVersion } from './find-version.ts';
import { putIntoForce } from './put-policy.ts';
import type { Shell } from './shell.ts';

export function addPolicyRollback(policy: Command, shell: Shell): void {
  const command = policy
    .command('rollback')
    .description('show what an earlier policy changes, and put it into force again, as a new version')
    .argument('<version>', 'one that policy history lists; 0 is the built-in one', parseVersionArgument)
    .addOption(yesOption())
    .action(shell.action(rollBack));
  addExample(command, 'policy rollback 3');

  async function rollBack(version: number, { yes = false }: { readonly yes?: boolean }) {
    return shell.withOperator(async (operator) => {
      const found = await findVersion(operator, version);
      if (!found.ok) return shell.fail(describeStoreFailure(found.failure));
      if (found.value === undefined) return shell.fail(describeMissing(operator, version));

      return putIntoForce(shell, operator, found.value.policy, yes);
    });
  }
}
