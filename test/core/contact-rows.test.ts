import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseContactRow, parseHeader } from '../../lib/core/contact-row.ts';
import { tabulateContacts } from '../../lib/core/contact-rows.ts';
import type { Contact } from '../../lib/core/model.ts';
import { contact, email, phone } from '../builders.ts';

it('puts contacts into rows, with a column for every attribute that one of them has', () => {
  const bare = { phone: phone('+12025550101'), backups: [], attributes: { lines: '4' } };
  const gold = contact({
    backups: [email('jan@example.com'), email('amelie@example.com')],
    attributes: { tier: 'gold' },
  });
  expect(tabulateContacts([bare, gold])).toEqual([
    ['phone', 'name', 'company', 'agent_email', 'backup_emails', 'lines', 'tier'],
    ['+12025550101', '', '', '', '', '4', ''],
    [
      '+442079460123',
      'Zoë Martin',
      'Northwind Tea',
      'jane@example.com',
      'jan@example.com;amelie@example.com',
      '',
      'gold',
    ],
  ]);
});

it('puts nobody into a header alone', () => {
  expect(tabulateContacts([])).toEqual([['phone', 'name', 'company', 'agent_email', 'backup_emails']]);
});

const text = fc
  .string()
  .map((value) => value.trim())
  .filter((value) => value !== '' && !value.includes('\uFFFD'));
const anyContact: fc.Arbitrary<Contact> = fc.record(
  {
    phone: fc.constantFrom(phone('+442079460123'), phone('+12025550101')),
    name: text,
    company: text,
    assignedTo: fc.constantFrom(email('jane@example.com'), email('jan@example.com')),
    backups: fc.subarray([email('jane@example.com'), email('jan@example.com')]),
    attributes: fc.dictionary(fc.constantFrom('tier', 'owner', 'Region', 'größe, in cm'), text),
  },
  { requiredKeys: ['phone', 'backups', 'attributes'] },
);

it('puts contacts into rows from which they are read as they were', () => {
  fc.assert(
    fc.property(fc.array(anyContact, { maxLength: 5 }), (contacts) => {
      const [header = [], ...rows] = tabulateContacts(contacts);
      const columns = parseHeader(header);
      const read = rows.map((row) => columns.ok && parseContactRow(columns.value, row));
      expect(read).toEqual(contacts.map((value) => ({ ok: true, value })));
    }),
  );
});
