/** `call-router contacts import <csv>`: a file of contacts into the table. */
import { access, constants, stat } from 'node:fs/promises';
import type { Command } from 'commander';
import type { CountryCode } from 'libphonenumber-js/min';
import type { RowProblem } from '../lib/core/contact-row.ts';
import { fail, type Result, succeed } from '../lib/core/result.ts';
import type { CsvProblem } from '../lib/ports.ts';
import type { ImportFailure, ImportRemark, ImportSummary } from '../lib/use-cases/import-contacts.ts';
import { addExample, defaultCountryOption, jsonOption } from './arguments.ts';
import { describeStoreFailure } from './failures.ts';
import type { Shell } from './shell.ts';

type Options = { readonly defaultCountry?: CountryCode; readonly json?: true };

const columnsHelp = `
The file is UTF-8, its columns are separated by commas, and its first line names them:
  phone          international, or national with --default-country; the only one that must be there
  name, company
  agent_email    whom the contact is assigned to
  backup_emails  who is tried next, with ';' between
  any other      becomes an attribute of the contact

A row replaces what is stored for its phone. Good rows are imported also if others are bad: those are listed, and the
exit code is 1.`;

export function addContactsImport(contacts: Command, shell: Shell): void {
  const command = contacts
    .command('import')
    .description('import contacts from a CSV file')
    .argument('<csv>', 'the file')
    .addOption(defaultCountryOption())
    .addOption(jsonOption())
    .addHelpText('after', columnsHelp)
    .action(shell.action(importContacts));
  addExample(command, 'contacts import contacts.csv --default-country FR');

  async function importContacts(path: string, options: Options) {
    const file = await measureFile(path);
    if (!file.ok) return shell.fail(`${path}: ${file.failure}`);

    const [{ startProgress }, { readCsv }] = await Promise.all([
      import('./progress.ts'),
      import('./read-csv.ts'),
    ]);
    return shell.withOperator(async (operator) => {
      const progress = startProgress(shell.stderr, file.value.bytes * readings);
      const importFrom = operator.contacts().importContactsFrom(() => readCsv(path, progress.advance));
      const badRows: BadRow[] = [];
      const remark = (told: ImportRemark) => {
        if (told.kind === 'bad-row' && options.json) badRows.push(...listBadRow(told));
        for (const line of describeRemark(told)) progress.note(line);
      };
      const imported = await importFrom(options.defaultCountry, remark).finally(progress.stop);
      if (!imported.ok) return shell.fail(`${path}: ${describeFailure(imported.failure)}`);

      if (options.json) shell.printJson({ ...imported.value, badRows });
      else shell.print(describeSummary(imported.value));
      return imported.value.bad === 0 ? 0 : 1;
    });
  }
}

/** Rows are read to be checked, and again to be saved: so it must be a file that stays, not a pipe. */
const readings = 2;

async function measureFile(path: string): Promise<Result<{ readonly bytes: number }, string>> {
  try {
    await access(path, constants.R_OK);
    const file = await stat(path);
    return file.isFile() ? succeed({ bytes: file.size }) : fail('not a file');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return fail(code === 'ENOENT' ? 'no such file' : 'cannot be read');
  }
}

const csvTexts: Record<CsvProblem, string> = {
  'broken-quotes': 'a quote is not closed, or something stands between a quote and its comma',
  'row-too-long': 'longer than 100,000 bytes; is a quote not closed?',
};

const rowTexts: Record<RowProblem['because'], string> = {
  missing: 'missing',
  'not-a-phone': 'not a phone number',
  'not-international': 'not an international phone number (give --default-country for national ones)',
  'not-an-email': 'not an e-mail address',
  'not-utf-8': 'not UTF-8 text',
  'more-cells-than-columns': 'more cells than the first line has columns (quote cells with commas in them)',
};

type BadRow = { readonly line: number } & (RowProblem | { readonly because: CsvProblem });

function listBadRow({ line, because }: Extract<ImportRemark, { kind: 'bad-row' }>): BadRow[] {
  return typeof because === 'string' ? [{ line, because }] : because.map((problem) => ({ line, ...problem }));
}

function describeRemark(remark: ImportRemark): string[] {
  switch (remark.kind) {
    case 'bad-row': {
      const { line, because } = remark;
      if (typeof because === 'string') return [`line ${line}: ${csvTexts[because]}`];
      return because.map((problem) =>
        [`line ${line}`, problem.column, rowTexts[problem.because]]
          .filter((part) => part !== undefined)
          .join(': '),
      );
    }
    case 'superseded':
      return [`line ${remark.line}: the phone comes again in line ${remark.byLine}, which counts`];
    case 'no-agent-column':
      return ['note: there is no column agent_email: these contacts will be assigned to nobody'];
  }
}

function describeFailure(failure: ImportFailure): string {
  switch (failure.reason) {
    case 'empty-file':
      return 'is empty';
    case 'no-phone-column':
      return 'the first line names no column "phone" (columns are separated by commas)';
    case 'repeated-column':
      return 'the first line names a column twice';
    case 'reserved-column':
      return 'the first line names a column "constructor", "prototype" or "__proto__": these cannot be stored, rename it';
    case 'not-utf-8':
      return 'the first line is not UTF-8 text (save the file as UTF-8)';
    case 'broken-quotes':
    case 'row-too-long':
      return `the first line: ${csvTexts[failure.reason]}`;
    case 'store-unavailable':
    case 'item-unreadable':
      return `stopped after ${failure.written} contacts were written: ${describeStoreFailure(failure)}`;
  }
}

function describeSummary({ rows, written, unchanged, bad, superseded }: ImportSummary): string {
  const counts = [`${written} written`, `${unchanged} unchanged`];
  if (superseded > 0) counts.push(`${superseded} superseded`);
  if (bad > 0) counts.push(`${bad} bad`);
  return `${rows} ${rows === 1 ? 'row' : 'rows'}: ${counts.join(', ')}`;
}
