/** `call-router explain <call id>`: why this caller reached that person, or nobody. */
import { type Command, InvalidArgumentError } from 'commander';
import type { CallId } from '../lib/core/model.ts';
import { addExample, jsonOption } from './arguments.ts';
import { alignColumns } from './columns.ts';
import { describeStoreFailure } from './failures.ts';
import type { Shell } from './shell.ts';
import { tellCall } from './tell-call.ts';

export function addExplain(program: Command, shell: Shell): void {
  const command = program
    .command('explain')
    .description('tell why a call went where it went')
    .argument('<call id>', "Aircall's number of the call", parseCallIdArgument)
    .addOption(jsonOption())
    .action(shell.action(explain));
  addExample(command, 'explain 812000001');

  async function explain(callId: CallId, options: { readonly json?: true }) {
    return shell.withOperator(async (operator) => {
      const found = await operator.calls().findCall(callId, operator.deadlineMs());
      if (!found.ok) return shell.fail(`call ${callId}: ${describeStoreFailure(found.failure)}`);
      if (found.value === undefined) {
        return shell.fail(`call ${callId} was not announced to the router, or is older than 90 days`);
      }
      if (options.json) shell.printJson(found.value);
      else for (const line of alignColumns(tellCall(found.value, operator.now()))) shell.print(line);
      return 0;
    });
  }
}

function parseCallIdArgument(text: string): CallId {
  if (!/^[1-9]\d{0,18}$/.test(text)) throw new InvalidArgumentError('Not a number.');
  return text as CallId;
}
