/** `call-router contacts delete <phone>`. */

import type { Command } from 'commander';
import type { CountryCode } from 'libphonenumber-js/min';
import { maskPhoneNumber, parsePhoneNumber } from '../lib/core/phone-number.ts';
import { addExample, defaultCountryOption, describePhoneProblem, jsonOption } from './arguments.ts';
import { describeStoreFailure } from './failures.ts';
import type { Shell } from './shell.ts';

type Options = { readonly defaultCountry?: CountryCode; readonly json?: true };

export function addContactsDelete(contacts: Command, shell: Shell): void {
  const command = contacts
    .command('delete')
    .description('forget what is ours of a contact; one that is at Aircall is deleted there')
    .argument('<phone>', 'in any written form')
    .addOption(defaultCountryOption())
    .addOption(jsonOption())
    .action(shell.action(deleteContact));
  addExample(command, "contacts delete '+44 20 7946 0123'");

  async function deleteContact(text: string, { defaultCountry, json }: Options) {
    const phone = parsePhoneNumber(text, defaultCountry);
    if (phone === undefined) return shell.refuse(describePhoneProblem(defaultCountry));

    return shell.withOperator(async (operator) => {
      const deleted = await operator.contacts().deleteContact(phone, operator.deadlineMs());
      if (!deleted.ok) return shell.fail(describeStoreFailure(deleted.failure));
      if (deleted.value === 'absent') return shell.fail(`no contact has the phone ${maskPhoneNumber(phone)}`);

      if (deleted.value === 'at-aircall') {
        return shell.fail(
          `what is ours of ${maskPhoneNumber(phone)} is deleted, but it is the phone of a contact at Aircall: delete it there, too`,
        );
      }
      if (json) shell.printJson({ phone, did: deleted.value });
      else shell.note(`deleted ${phone}`);
      return 0;
    });
  }
}
