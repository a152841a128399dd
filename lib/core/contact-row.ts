/**
 * One row of a file of contacts → a contact, or what is wrong with which column.
 *
 * Columns come in any order; those with a name of their own become attributes, those without a name are skipped.
 */
import type { CountryCode } from 'libphonenumber-js/min';
import { parseEmailAddress } from './email-address.ts';
import type { Contact, EmailAddress } from './model.ts';
import { parsePhoneNumber } from './phone-number.ts';
import { fail, type Result, succeed } from './result.ts';

/** The names of a file's columns, in its order. */
export type Columns = readonly string[];

export type HeaderProblem = 'no-phone-column' | 'repeated-column' | 'reserved-column' | 'not-utf-8';

/** What is wrong with a row, without the value: such a list may be passed on. */
export type RowProblem = {
  /** Absent: the row as a whole. */
  readonly column?: string;
  readonly because:
    | 'missing'
    | 'not-a-phone'
    /** Not a phone number, and no country was given to which a national one could belong. */
    | 'not-international'
    | 'not-an-email'
    | 'not-utf-8'
    | 'more-cells-than-columns';
};

/** As keys of an object they are more than data: the AWS SDK can't write such a contact, or loses the value. */
const reservedColumns = ['constructor', 'prototype', '__proto__'];

const ourColumns = ['phone', 'name', 'company', 'agent_email', 'backup_emails'];

/** Whether a column of this name can't be an attribute. */
export function isColumnOfOurs(name: string): boolean {
  return ourColumns.includes(name.toLowerCase()) || reservedColumns.includes(name);
}

export function parseHeader(cells: readonly string[]): Result<Columns, HeaderProblem> {
  const columns = cells.map((cell) => {
    const name = cell.trim();
    return ourColumns.find((ours) => ours === name.toLowerCase()) ?? name;
  });
  const named = columns.filter((column) => column !== '');
  if (named.some((column) => column.includes('\uFFFD'))) return fail('not-utf-8');
  if (!named.includes('phone')) return fail('no-phone-column');
  if (new Set(named).size < named.length) return fail('repeated-column');
  if (named.some((column) => reservedColumns.includes(column))) return fail('reserved-column');

  return succeed(columns);
}

export function parseContactRow(
  columns: Columns,
  cells: readonly string[],
  defaultCountry?: CountryCode,
): Result<Contact, readonly RowProblem[]> {
  const filled = columns.map((column, index) => [column, cells[index]?.trim() ?? ''] as const);
  const values = new Map(filled.filter(([column, value]) => column !== '' && value !== ''));
  const problems: RowProblem[] = [];

  if (cells.slice(columns.length).some((cell) => cell.trim() !== '')) {
    problems.push({ because: 'more-cells-than-columns' });
  }
  for (const [column, value] of values) {
    if (value.includes('\uFFFD')) problems.push({ column, because: 'not-utf-8' });
  }
  const [assignedTo] = readEmails('agent_email', [values.get('agent_email') ?? '']);
  const backups = readEmails('backup_emails', values.get('backup_emails')?.split(';') ?? []);

  const phoneText = values.get('phone') ?? '';
  const phone = parsePhoneNumber(phoneText, defaultCountry);
  if (phone === undefined) return fail([explainPhone(phoneText, defaultCountry), ...problems]);
  if (problems.length > 0) return fail(problems);

  const name = values.get('name');
  const company = values.get('company');
  return succeed({
    phone,
    ...(name !== undefined && { name }),
    ...(company !== undefined && { company }),
    ...(assignedTo !== undefined && { assignedTo }),
    backups,
    attributes: Object.fromEntries([...values].filter(([column]) => !ourColumns.includes(column))),
  });

  function readEmails(column: string, texts: readonly string[]): EmailAddress[] {
    const given = texts.filter((text) => text.trim() !== '');
    const emails = given.map(parseEmailAddress).filter((email) => email !== undefined);
    if (emails.length < given.length) problems.push({ column, because: 'not-an-email' });
    return emails;
  }
}

function explainPhone(text: string, defaultCountry: CountryCode | undefined): RowProblem {
  if (text === '') return { column: 'phone', because: 'missing' };
  return { column: 'phone', because: defaultCountry === undefined ? 'not-international' : 'not-a-phone' };
}
