import { describe, expect, it } from 'vitest';
import { parseContactRow, parseHeader } from '../../lib/core/contact-row.ts';
import { fail, succeed } from '../../lib/core/result.ts';

describe('the first line', () => {
  it.each([
    ['in any order', ['name', 'phone'], ['name', 'phone']],
    ['in any case, with space around', [' Phone ', 'NAME', 'Agent_Email'], ['phone', 'name', 'agent_email']],
    [
      'that are ours, so that none becomes an attribute',
      ['PHONE', ' Name', 'COMPANY ', 'AGENT_EMAIL', 'Backup_Emails'],
      ['phone', 'name', 'company', 'agent_email', 'backup_emails'],
    ],
    ['with columns of its own, as they are written', ['phone', ' Tier '], ['phone', 'Tier']],
    ['with columns without a name', ['phone', '', ' ', ''], ['phone', '', '', '']],
  ])('names the columns %s', (_, cells, columns) => {
    expect(parseHeader(cells)).toStrictEqual(succeed(columns));
  });

  it.each([
    [['name', 'company'], 'no-phone-column'],
    [['phone;name'], 'no-phone-column'],
    [[], 'no-phone-column'],
    [['phone', 'Phone'], 'repeated-column'],
    [['phone', 'tier', ' tier'], 'repeated-column'],
    [['phone', 'constructor'], 'reserved-column'],
    [['prototype', 'phone'], 'reserved-column'],
    [['phone', ' __proto__ '], 'reserved-column'],
    [['phone', 'Pr\uFFFDnom'], 'not-utf-8'],
    [['t\uFFFDl'], 'not-utf-8'],
  ] as const)('%j is refused: %s', (cells, problem) => {
    expect(parseHeader(cells)).toStrictEqual(fail(problem));
  });
});

describe('a row', () => {
  const columns = ['phone', 'name', 'company', 'agent_email', 'backup_emails', 'tier', ''];

  it('becomes a contact', () => {
    const cells = [
      '+44 20 7946 0123',
      ' Zoë Martin ',
      'Northwind, Tea',
      'Jane@Example.com',
      'jan@example.com; ; Amelie@example.com ;',
      'gold',
      'skipped',
    ];
    expect(parseContactRow(columns, cells)).toStrictEqual(
      succeed({
        phone: '+442079460123',
        name: 'Zoë Martin',
        company: 'Northwind, Tea',
        assignedTo: 'jane@example.com',
        backups: ['jan@example.com', 'amelie@example.com'],
        attributes: { tier: 'gold' },
      }),
    );
  });

  it.each([
    ['with empty cells', ['+12025550101', '', ' ', '', '', '', '']],
    ['with fewer cells than columns', ['+12025550101']],
    ['with more cells, all empty', ['+12025550101', '', '', '', '', '', '', '', ' ']],
  ])('%s tells nothing of them', (_, cells) => {
    expect(parseContactRow(columns, cells)).toStrictEqual(
      succeed({ phone: '+12025550101', backups: [], attributes: {} }),
    );
  });

  it('is read by the columns, whatever their order', () => {
    expect(parseContactRow(['tier', 'phone'], ['silver', '+12025550101'])).toStrictEqual(
      succeed({ phone: '+12025550101', backups: [], attributes: { tier: 'silver' } }),
    );
  });

  it('may have a national number where a country is given', () => {
    expect(parseContactRow(['phone'], ['01 99 00 00 07'], 'FR')).toStrictEqual(
      succeed({ phone: '+33199000007', backups: [], attributes: {} }),
    );
  });

  it.each([
    ['no phone', ['', 'Zoë'], [{ column: 'phone', because: 'missing' }]],
    ['a national number', ['01 99 00 00 07'], [{ column: 'phone', because: 'not-international' }]],
    [
      'no agent e-mail',
      ['+12025550101', '', '', 'Jane'],
      [{ column: 'agent_email', because: 'not-an-email' }],
    ],
    [
      'one bad backup',
      ['+12025550101', '', '', '', 'jan@example.com;jane'],
      [{ column: 'backup_emails', because: 'not-an-email' }],
    ],
    ['Latin-1 text', ['+12025550101', 'Zo\uFFFD'], [{ column: 'name', because: 'not-utf-8' }]],
    [
      'a comma too many',
      ['+12025550101', '', '', '', '', '', '', '', 'Ltd'],
      [{ because: 'more-cells-than-columns' }],
    ],
    [
      'several faults',
      ['none', '', '', 'x', 'y'],
      [
        { column: 'phone', because: 'not-international' },
        { column: 'agent_email', because: 'not-an-email' },
        { column: 'backup_emails', because: 'not-an-email' },
      ],
    ],
  ])('with %s is bad, and says where', (_, cells, problems) => {
    expect(parseContactRow(columns, cells)).toStrictEqual(fail(problems));
  });

  it('with a number of no country is bad even where one is given', () => {
    expect(parseContactRow(['phone'], ['123'], 'FR')).toStrictEqual(
      fail([{ column: 'phone', because: 'not-a-phone' }]),
    );
  });
});
