/** `call-router simulate`: what a call would come to, and why. */
import { type Command, InvalidArgumentError } from 'commander';
import type { CountryCode } from 'libphonenumber-js/min';
import { isDate } from '../lib/core/local-time.ts';
import type { AircallNumberId, Caller } from '../lib/core/model.ts';
import { parsePhoneNumber } from '../lib/core/phone-number.ts';
import { addExample, defaultCountryOption, describePhoneProblem, jsonOption } from './arguments.ts';
import { alignColumns } from './columns.ts';
import { describeStoreFailure } from './failures.ts';
import type { Shell } from './shell.ts';
import { tellSimulation } from './tell-simulation.ts';

type Options = {
  readonly from: string;
  readonly number?: AircallNumberId;
  readonly at?: number;
  readonly defaultCountry?: CountryCode;
  readonly json?: true;
};

const help = `
Nothing is done: no call is claimed, no agent held, Aircall is not asked. Rules are read as of --at, agents as they are now.`;

export function addSimulate(program: Command, shell: Shell): void {
  const command = program
    .command('simulate')
    .description('tell where a call would go, and why')
    .requiredOption('--from <caller>', 'who calls: a phone number in any written form, or anonymous')
    .option('--number <id>', "Aircall's id of the number called", parseNumberId)
    .option('--at <time>', 'when, as in 2026-12-25T10:00+01:00 (default: now)', parseInstant)
    .addOption(defaultCountryOption())
    .addOption(jsonOption())
    .addHelpText('after', help)
    .action(shell.action(simulate));
  addExample(command, "simulate --from '+44 20 7946 0123' --number 1234 --at 2026-12-25T10:00+01:00");

  async function simulate({ from, number, at, defaultCountry, json }: Options) {
    const caller = parseFrom(from, defaultCountry);
    if (caller === undefined) return shell.refuse(describePhoneProblem(defaultCountry));

    return shell.withOperator(async (operator) => {
      const atMs = at ?? operator.now();
      const call = { caller, ...(number !== undefined && { aircallNumberId: number }), atMs };
      const simulated = await operator.simulateCall()(call, operator.deadlineMs());
      if (!simulated.ok) return shell.fail(describeStoreFailure(simulated.failure));

      if (json) shell.printJson(simulated.value);
      else for (const line of alignColumns(tellSimulation(simulated.value))) shell.print(line);
      return 0;
    });
  }
}

function parseFrom(text: string, defaultCountry: CountryCode | undefined): Caller | undefined {
  if (text.trim().toLowerCase() === 'anonymous') return { kind: 'withheld' };

  const phone = parsePhoneNumber(text, defaultCountry);
  return phone && { kind: 'identified', phone };
}

function parseNumberId(text: string): AircallNumberId {
  const id = Number(text);
  if (!/^[1-9]\d*$/.test(text) || !Number.isSafeInteger(id)) throw new InvalidArgumentError('Not a number.');
  return id as AircallNumberId;
}

/** With its offset: this machine's clock and the company's may be in different zones. */
function parseInstant(text: string): number {
  const isWhole = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const atMs = Date.parse(text);
  if (!isWhole || !isDate(text.slice(0, 10)) || Number.isNaN(atMs)) {
    throw new InvalidArgumentError('Not a time with its offset, such as 2026-12-25T10:00+01:00.');
  }
  return atMs;
}
