/** `call-router contacts assign <phone> <agent-email>`: whose caller this is from now on. */
import type { Command } from 'commander';
import type { CountryCode } from 'libphonenumber-js/min';
import type { AccountId, EmailAddress } from '../lib/core/model.ts';
import { nextCommand } from '../lib/core/next-command.ts';
import { parsePhoneNumber } from '../lib/core/phone-number.ts';
import {
  addExample,
  defaultCountryOption,
  describePhoneProblem,
  jsonOption,
  parseEmailArgument,
  parseEmailsArgument,
} from './arguments.ts';
import { describeStoreFailure } from './failures.ts';
import type { Shell } from './shell.ts';

type Options = {
  readonly defaultCountry?: CountryCode;
  readonly backups?: readonly EmailAddress[];
  readonly json?: true;
};

export function addContactsAssign(contacts: Command, shell: Shell): void {
  const command = contacts
    .command('assign')
    .description('assign a contact to an agent; whatever else is known of it stays')
    .argument('<phone>', 'in any written form')
    .argument('<agent-email>', "the agent's e-mail at Aircall", parseEmailArgument)
    .option('--backups <emails>', "who is tried next, with ';' between; '' for nobody", parseEmailsArgument)
    .addOption(defaultCountryOption())
    .addOption(jsonOption())
    .action(shell.action(assign));
  addExample(
    command,
    "contacts assign '+44 20 7946 0123' jane@example.com --backups 'jan@example.com;amelie@example.com'",
  );

  async function assign(text: string, assignedTo: EmailAddress, { defaultCountry, backups, json }: Options) {
    const phone = parsePhoneNumber(text, defaultCountry);
    if (phone === undefined) return shell.refuse(describePhoneProblem(defaultCountry));

    return shell.withOperator(async (operator) => {
      const assignment = { assignedTo, ...(backups !== undefined && { backups }) };
      const assigned = await operator.contacts().assignContact(phone, assignment, operator.deadlineMs());
      if (!assigned.ok) return shell.fail(describeStoreFailure(assigned.failure));

      const isNew = assigned.value === 'created';
      if (json) shell.printJson({ phone, did: assigned.value, ...assignment });
      else {
        shell.note(
          `${phone} is assigned to ${assignedTo}${isNew ? '; there was no such contact, it was created' : ''}`,
        );
      }
      const { findAgent } = operator.agents();
      for (const email of new Set([assignedTo, ...(backups ?? [])])) {
        const agent = await findAgent(email, operator.deadlineMs());
        if (agent.ok && agent.value?.aircallUserId === undefined)
          shell.note(describeUnknown(email, operator.accountId));
      }
      return 0;
    });
  }
}

function describeUnknown(email: EmailAddress, accountId: AccountId): string {
  return `warning: no agent at Aircall is known as ${email}; see: ${nextCommand('agents list', accountId)}, and: agents refresh`;
}
