import { expect, it } from 'vitest';
import { readInformation, readOwner } from '../../lib/core/contact-information.ts';

it.each([
  ['', {}],
  ['owner:jane@example.com', { owner: 'jane@example.com' }],
  [
    'owner: jane@example.com\r\ntier :gold \rregion:north\nlines:4',
    { owner: 'jane@example.com', tier: 'gold', region: 'north', lines: '4' },
  ],
  ['  tier:gold: the best', { tier: 'gold: the best' }],
  ['größe:10\nkey_account-2:yes', { größe: '10', 'key_account-2': 'yes' }],
  // The last line of a name counts.
  ['tier:gold\ntier:silver', { tier: 'silver' }],
  // Remarks for people.
  ['Met at the fair: nice people', {}],
  ['see https://example.com', {}],
  ['https://example.com', {}],
  ['tier:', {}],
  ['tier: ', {}],
  [':gold', {}],
  ['gold', {}],
  [`${'x'.repeat(40)}:y`, { [`${'x'.repeat(40)}`]: 'y' }],
  [`${'x'.repeat(41)}:y`, {}],
  // Would be another thing in a file of contacts.
  ['phone:1\nName:2\ncompany:3\nAGENT_EMAIL:4\nbackup_emails:5\nconstructor:6\n__proto__:7', {}],
])('a text says of a contact: %j', (text, attributes) => {
  expect(readInformation(text)).toEqual(attributes);
});

it.each([
  [{ owner: 'jane@example.com' }, 'jane@example.com'],
  [{ tier: 'gold', Owner: 'Jane@Example.com' }, 'jane@example.com'],
  [{ owner: 'Jane' }, undefined],
  [{ tier: 'jane@example.com' }, undefined],
  [{}, undefined],
])('the owner in %j is %s', (attributes, owner) => {
  expect(readOwner(attributes as Record<string, string>)).toBe(owner);
});
