/** `call-router doctor`: what is wrong, and what to do about it. */
import type { Command } from 'commander';
import type { Finding } from '../lib/use-cases/diagnose.ts';
import { addExample, jsonOption, parseWebhookUrlArgument } from './arguments.ts';
import { alignColumns } from './columns.ts';
import type { Shell } from './shell.ts';

type Options = { readonly url?: URL; readonly json?: true };

export function addDoctor(program: Command, shell: Shell): void {
  const command = program
    .command('doctor')
    .description(
      'check the credentials, the clock, the webhook and the calls it missed, the table and the agents',
    )
    .option('--url <url>', 'where the router takes deliveries', parseWebhookUrlArgument)
    .addOption(jsonOption())
    .action(shell.action(examine));
  addExample(command, 'doctor --url https://router.example.com/aircall/calls');

  async function examine({ url, json }: Options) {
    return shell.withOperator(async (operator) => {
      const findings = await operator.diagnose()(url, operator.deadlineMs());
      if (json) shell.printJson(findings);
      else for (const line of alignColumns(findings.flatMap(toRows))) shell.print(line);

      return findings.every(({ verdict }) => verdict === 'ok') ? 0 : 1;
    }, 'running-stack');
  }
}

const verdictTexts: Record<Finding['verdict'], string> = {
  ok: 'ok',
  fault: 'FAULT',
  'not-checked': 'not checked',
};

function toRows({ part, verdict, text, remedies = [] }: Finding): string[][] {
  return [[part, verdictTexts[verdict], text], ...remedies.map((remedy) => ['', '', `→ ${remedy}`])];
}
