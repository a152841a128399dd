/**
 * Contacts → the rows of a file of contacts, as `parseContactRow` reads them: the names of the columns first, every
 * attribute that some contact has in a column of its own.
 */
import type { Contact } from './model.ts';

export function tabulateContacts(contacts: readonly Contact[]): readonly (readonly string[])[] {
  const names = [...new Set(contacts.flatMap(({ attributes }) => Object.keys(attributes)))].toSorted();
  const header = ['phone', 'name', 'company', 'agent_email', 'backup_emails', ...names];
  const rows = contacts.map(({ phone, name = '', company = '', assignedTo = '', backups, attributes }) => [
    phone,
    name,
    company,
    assignedTo,
    backups.join(';'),
    ...names.map((column) => attributes[column] ?? ''),
  ]);
  return [header, ...rows];
}
