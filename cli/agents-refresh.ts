/** `call-router agents refresh`: what the schedule does every 5 minutes, now. */
import type { Command } from 'commander';
import { addExample, jsonOption } from './arguments.ts';
import type { Shell } from './shell.ts';

export function addAgentsRefresh(agents: Command, shell: Shell): void {
  const command = agents
    .command('refresh')
    .description('bring the agents, and what they are doing, in step with the users at Aircall')
    .addOption(jsonOption())
    .action(shell.action(refresh));
  addExample(command, 'agents refresh');

  async function refresh(options: { readonly json?: true }) {
    return shell.withOperator(async (operator) => {
      const refreshAgents = operator.refreshAgents((what, detail) => {
        // The summary tells of what was corrected.
        if (what !== 'presence-corrected') shell.note(`warning: ${what} ${JSON.stringify(detail)}`);
      });
      const refreshed = await refreshAgents(operator.deadlineMs());
      if (!refreshed.ok) return shell.fail(refreshed.failure.message);

      const { users, written, gone, presences, corrected } = refreshed.value;
      if (options.json) {
        shell.printJson(refreshed.value);
        return 0;
      }
      shell.print(`${users} users at Aircall: ${written} written, ${gone} gone`);
      shell.print(`${presences} presences checked: ${corrected} corrected`);
      return 0;
    });
  }
}
