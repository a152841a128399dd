/** `call-router contacts export [file]`: all contacts, as `contacts import` reads them. */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { tabulateContacts } from '../lib/core/contact-rows.ts';
import { addExample, jsonOption } from './arguments.ts';
import { describeStoreFailure } from './failures.ts';
import type { Shell } from './shell.ts';
import { writeCsv } from './write-csv.ts';

const help = `
Names, companies and attributes that come from Aircall are in it, and are not written when it is imported again unchanged.`;

export function addContactsExport(contacts: Command, shell: Shell): void {
  const command = contacts
    .command('export')
    .description('write all contacts to a CSV file, as contacts import reads it')
    .argument('[csv]', 'the file, replaced if it is there (default: standard output)')
    .addOption(jsonOption())
    .addHelpText('after', help)
    .action(shell.action(exportContacts));
  addExample(command, 'contacts export contacts.csv', 'contacts export --json');

  async function exportContacts(path: string | undefined, { json }: { readonly json?: true }) {
    return shell.withOperator(async (operator) => {
      const listed = await operator.contacts().listContacts(operator.deadlineMs());
      if (!listed.ok) return shell.fail(describeStoreFailure(listed.failure));

      const { contacts: all, unreadable } = listed.value;
      const lines = writeCsv(tabulateContacts(all));
      if (path !== undefined) {
        const problem = await writeFile(path, lines);
        if (problem !== undefined) return shell.fail(`${path}: ${problem}`);
        if (json) shell.printJson({ contacts: all.length, unreadable });
        else shell.note(`${all.length} ${all.length === 1 ? 'contact' : 'contacts'} written to ${path}`);
      } else if (json) shell.printJson(all);
      else for (const line of lines) shell.print(line.slice(0, -1));

      if (unreadable === 0) return 0;
      return shell.fail(`left out, for they are damaged or written by a newer version: ${unreadable}`);
    });
  }
}

/** Beside the file first: what was there is not lost where writing fails. Answers with what is wrong. */
async function writeFile(path: string, lines: Iterable<string>): Promise<string | undefined> {
  const unfinished = `${path}.unfinished`;
  try {
    await pipeline(Readable.from(lines), createWriteStream(unfinished, { mode: 0o600 }));
    await rename(unfinished, path);
    return undefined;
  } catch (error) {
    await rm(unfinished, { force: true });
    return error instanceof Error && 'code' in error ? String(error.code) : 'cannot be written';
  }
}
