/** `call-router agents list`: the agents we know, whether Aircall knows them, and what they are doing. */
import type { Command } from 'commander';
import { nextCommand } from '../lib/core/next-command.ts';
import { addExample, jsonOption } from './arguments.ts';
import { alignColumns, formatTime } from './columns.ts';
import { describeStoreFailure } from './failures.ts';
import type { Shell } from './shell.ts';

export function addAgentsList(agents: Command, shell: Shell): void {
  const command = agents
    .command('list')
    .description('list the agents, their users at Aircall, and what they are doing')
    .addOption(jsonOption())
    .action(shell.action(list));
  addExample(command, 'agents list');

  async function list(options: { readonly json?: true }) {
    return shell.withOperator(async (operator) => {
      const listed = await operator.agents().listAgents(operator.deadlineMs());
      if (!listed.ok) return shell.fail(describeStoreFailure(listed.failure));

      const { agents: known, unreadable } = listed.value;
      if (options.json) shell.printJson(known);
      else if (known.length > 0) {
        const rows = known.map(({ email, name, aircallUserId, presence, checkedAtMs }) => [
          email,
          name ?? '–',
          aircallUserId === undefined ? 'not on Aircall' : String(aircallUserId),
          presence?.presence ?? 'unknown',
          presence === undefined ? '–' : formatTime(presence.sinceMs),
          formatTime(checkedAtMs),
        ]);
        const header = ['E-MAIL', 'NAME', 'AIRCALL USER', 'PRESENCE', 'SINCE', 'CHECKED'];
        const lines = alignColumns([header, ...rows]);
        for (const line of lines) shell.print(line);
      }
      if (known.length === 0)
        shell.note(`no agent is known yet; see: ${nextCommand('agents refresh', operator.accountId)}`);
      if (unreadable > 0) shell.note(`warning: ${unreadable} agents are damaged, or newer than this program`);
      return 0;
    });
  }
}
