/** `call-router contacts get <phone>`: what is stored of a contact. */

import type { Command } from 'commander';
import type { CountryCode } from 'libphonenumber-js/min';
import type { Contact } from '../lib/core/model.ts';
import { maskPhoneNumber, parsePhoneNumber } from '../lib/core/phone-number.ts';
import { addExample, defaultCountryOption, describePhoneProblem, jsonOption } from './arguments.ts';
import { alignColumns } from './columns.ts';
import { describeStoreFailure } from './failures.ts';
import type { Shell } from './shell.ts';

type Options = { readonly defaultCountry?: CountryCode; readonly json?: true };

export function addContactsGet(contacts: Command, shell: Shell): void {
  const command = contacts
    .command('get')
    .description('print a contact')
    .argument('<phone>', 'in any written form')
    .addOption(defaultCountryOption())
    .addOption(jsonOption())
    .action(shell.action(get));
  addExample(command, "contacts get '+44 20 7946 0123'");

  async function get(text: string, options: Options) {
    const phone = parsePhoneNumber(text, options.defaultCountry);
    if (phone === undefined) return shell.refuse(describePhoneProblem(options.defaultCountry));

    return shell.withOperator(async (operator) => {
      const found = await operator.contacts().findContact(phone, operator.deadlineMs());
      if (!found.ok) return shell.fail(describeStoreFailure(found.failure));
      if (found.value === undefined) return shell.fail(`no contact has the phone ${maskPhoneNumber(phone)}`);

      if (options.json) shell.printJson(found.value);
      else for (const line of alignColumns(toRows(found.value))) shell.print(line);
      return 0;
    });
  }
}

function toRows({ phone, name, company, assignedTo, backups, attributes }: Contact): [string, string][] {
  return [
    ['phone', phone],
    ['name', name ?? '–'],
    ['company', company ?? '–'],
    ['assigned to', assignedTo ?? 'nobody'],
    ['backups', backups.join('; ') || 'nobody'],
    ...Object.entries(attributes),
  ];
}
