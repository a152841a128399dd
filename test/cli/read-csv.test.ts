import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readCsv } from '../../cli/read-csv.ts';

const folder = mkdtempSync(join(tmpdir(), 'call-router-csv-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Rows as `[line, …cells]`, or `[line, problem]` in a list of its own. */
async function read(content: string | Buffer) {
  const path = join(folder, 'contacts.csv');
  writeFileSync(path, content);
  const rows: unknown[] = [];
  let bytes = 0;
  const onRead = (by: number) => {
    bytes += by;
  };
  for await (const row of readCsv(path, onRead)) {
    rows.push(row.kind === 'cells' ? [row.line, ...row.cells] : { [row.line]: row.because });
  }
  return { rows, bytes };
}

describe('the line a row begins at', () => {
  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('is right after empty lines and quoted line breaks, with %s', async (_, end) => {
    const text = ['phone,name', '', '1,"Zoë', '', 'Martin"', '2,"a"', '', '', '3,b', ''].join(end);
    expect((await read(text)).rows).toEqual([
      [1, 'phone', 'name'],
      [3, '1', `Zoë${end}${end}Martin`],
      [6, '2', 'a'],
      [9, '3', 'b'],
    ]);
  });

  it('is right in a file of many chunks', async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => `${index},"a\r\nb"\r\n`);
    const { rows: read_ } = await read(`phone,name\r\n${rows.join('')}`);
    expect(read_).toHaveLength(20_001);
    expect(read_.at(-1)).toEqual([40_000, '19999', 'a\r\nb']);
  });
});

describe('the content of a row', () => {
  it('is without the byte order mark', async () => {
    expect((await read('\uFEFFphone,name\r\n1,Zoë\r\n')).rows).toEqual([
      [1, 'phone', 'name'],
      [2, '1', 'Zoë'],
    ]);
  });

  it('may have commas and quotes in quoted cells, and any number of cells', async () => {
    expect((await read('"a,b","c ""d"" e"\n1\n1,2,3')).rows).toEqual([
      [1, 'a,b', 'c "d" e'],
      [2, '1'],
      [3, '1', '2', '3'],
    ]);
  });

  it('may have quotes in cells that are not quoted', async () => {
    const text = '\uFEFF"phone",name,size\r\n1,5" pipe,"6"" ""wide"""\r\n"2",b"c"d",""\r\n';
    expect((await read(text)).rows).toEqual([
      [1, 'phone', 'name', 'size'],
      [2, '1', '5" pipe', '6" "wide"'],
      [3, '2', 'b"c"d"', ''],
    ]);
  });

  it('shows where the file is not UTF-8', async () => {
    expect((await read(Buffer.from('phone,name\n1,Zo\xEB\n', 'latin1'))).rows).toEqual([
      [1, 'phone', 'name'],
      [2, '1', 'Zo\uFFFD'],
    ]);
  });

  it('is nothing for an empty file', async () => {
    expect(await read('')).toEqual({ rows: [], bytes: 0 });
  });
});

describe('a broken row', () => {
  it.each([
    ['text after a closing quote', '2,"b"c'],
    ['a quoted cell after a space', '2, "b,c"'],
    ['a quoted cell before a space', '2,"b,c" '],
    ['a quote that is never closed', '2,"b'],
  ])('(%s) costs no other row', async (_, broken) => {
    expect((await read(`phone,name\n1,"a\na"\n\n${broken}\n3,c\n4,"d\nd"\n5,e`)).rows).toEqual([
      [1, 'phone', 'name'],
      [2, '1', 'a\na'],
      { 5: 'broken-quotes' },
      [6, '3', 'c'],
      [7, '4', 'd\nd'],
      [9, '5', 'e'],
    ]);
  });

  it('may be one of thousands', { timeout: 30_000 }, async () => {
    const good = Array.from({ length: 3000 }, (_, index) => `${index},"a, b"\n`);
    const broken = Array.from({ length: 3000 }, (_, index) => `${index},"5 pipe\n`);
    const { rows } = await read(`phone,name\n${broken.join('')}${good.join('')}`);
    expect(rows).toHaveLength(6001);
    expect(rows.slice(1, 3)).toEqual([{ 2: 'broken-quotes' }, { 3: 'broken-quotes' }]);
    expect(rows.slice(3000, 3002)).toEqual([{ 3001: 'broken-quotes' }, [3002, '0', 'a, b']]);
    expect(rows.at(-1)).toEqual([6001, '2999', 'a, b']);
  });

  it('may be the last one', async () => {
    expect((await read('phone\n1\n"2')).rows).toEqual([[1, 'phone'], [2, '1'], { 3: 'broken-quotes' }]);
  });

  it('that is too long for an item is told as such', async () => {
    expect((await read(`phone,name\n1,${'x'.repeat(100_001)}\n2,b\n`)).rows).toEqual([
      [1, 'phone', 'name'],
      { 2: 'row-too-long' },
      [3, '2', 'b'],
    ]);
  });
});

it('tells how many bytes were read', async () => {
  expect((await read('phone,name\n1,Zoë\n')).bytes).toBe(18);
});

it('throws for a file that is not there', async () => {
  await expect(readCsv(join(folder, 'nowhere.csv'), () => undefined).next()).rejects.toThrow('ENOENT');
});
