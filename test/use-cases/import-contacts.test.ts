import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { fail, succeed } from '../../lib/core/result.ts';
import type { CsvRow, SaveContacts } from '../../lib/ports.ts';
import { createImportContacts, type ImportRemark } from '../../lib/use-cases/import-contacts.ts';
import { createClock, phone, t0 } from '../builders.ts';
import { createInMemoryStore } from '../fakes/in-memory-store.ts';

const header = ['phone', 'name', 'agent_email'];
let store: ReturnType<typeof createInMemoryStore>;
let remarks: ImportRemark[];
beforeEach(() => {
  store = createInMemoryStore(createClock().now, 10_000);
  remarks = [];
});

function importRows(rows: readonly (readonly string[] | 'broken')[], saveContacts = store.saveContacts) {
  async function* readCsv(): AsyncGenerator<CsvRow> {
    for (const [index, cells] of rows.entries()) {
      const line = index + 1;
      yield cells === 'broken'
        ? { kind: 'broken', line, because: 'broken-quotes' }
        : { kind: 'cells', line, cells };
    }
  }
  const importContacts = createImportContacts(
    { readCsv, saveContacts, now: () => t0 },
    { deadlineMs: 60_000 },
  );
  return importContacts(undefined, (remark) => remarks.push(remark));
}

const nameOf = async (number: string) => {
  const found = await store.findContact(phone(number), t0);
  return found.ok ? found.value?.name : undefined;
};
/** Fictional numbers, as many as are needed. */
const numberOf = (index: number) => `+3319900${String(index).padStart(4, '0')}`;
const manyRows = (count: number) =>
  Array.from({ length: count }, (_, index) => [numberOf(index), `Person ${index}`]);

describe('an import', () => {
  it('writes what is new and leaves what is there: the second time, nothing', async () => {
    const rows = [header, ['+12025550101', 'Sam'], ['+12025550102', 'Kim']];
    expect(await importRows(rows)).toEqual(
      succeed({ rows: 2, written: 2, unchanged: 0, bad: 0, superseded: 0 }),
    );
    expect(await importRows(rows)).toEqual(
      succeed({ rows: 2, written: 0, unchanged: 2, bad: 0, superseded: 0 }),
    );
    expect(remarks).toEqual([]);
  });

  it('saves the good rows, tells of the bad ones, and passes over blank ones', async () => {
    const rows = [header, ['+12025550101', 'Sam'], ['', ' '], ['1'], 'broken' as const, ['+12025550102', '']];
    expect(await importRows(rows)).toEqual(
      succeed({ rows: 4, written: 2, unchanged: 0, bad: 2, superseded: 0 }),
    );
    expect(remarks).toEqual([
      { kind: 'bad-row', line: 4, because: [{ column: 'phone', because: 'not-international' }] },
      { kind: 'bad-row', line: 5, because: 'broken-quotes' },
    ]);
  });

  it('of several rows with one phone takes the last good one, the second time too', async () => {
    const rows = [
      header,
      ['+12025550101', 'first'],
      ['+12025550102', 'Kim'],
      ['+1 202-555-0101', 'second'],
      ['+1 (202) 555 0101', 'third'],
      ['+12025550101', 'bad', 'no e-mail'],
    ];
    expect(await importRows(rows)).toEqual(
      succeed({ rows: 5, written: 2, unchanged: 0, bad: 1, superseded: 2 }),
    );
    expect(remarks).toEqual([
      { kind: 'superseded', line: 2, byLine: 4 },
      { kind: 'superseded', line: 4, byLine: 5 },
      { kind: 'bad-row', line: 6, because: [{ column: 'agent_email', because: 'not-an-email' }] },
    ]);
    expect(await nameOf('+12025550101')).toBe('third');
    expect(await importRows(rows)).toEqual(
      succeed({ rows: 5, written: 0, unchanged: 2, bad: 1, superseded: 2 }),
    );
  });

  it('lets the last row win however slow the batch of the first one is', async () => {
    const rows = [header, ['+12025550101', 'first'], ...manyRows(500), ['+12025550101', 'last']];
    let batches = 0;
    await importRows(rows, async (contacts, deadlineMs) => {
      batches += 1;
      if (batches === 1) await sleep(30);
      return store.saveContacts(contacts, deadlineMs);
    });
    expect(await nameOf('+12025550101')).toBe('last');
  });

  it('sends batches of different phones, at most 100, a few at a time', async () => {
    const sizes: number[] = [];
    let underWay = 0;
    let most = 0;
    const saveContacts: SaveContacts = async (contacts, deadlineMs) => {
      expect(deadlineMs).toBe(t0 + 60_000);
      expect(new Set(contacts.map((contact) => contact.phone)).size).toBe(contacts.length);
      sizes.push(contacts.length);
      underWay += 1;
      most = Math.max(most, underWay);
      await sleep(2);
      underWay -= 1;
      return store.saveContacts(contacts, deadlineMs);
    };
    expect(await importRows([header, ...manyRows(950), ...manyRows(50)], saveContacts)).toEqual(
      succeed({ rows: 1000, written: 950, unchanged: 0, bad: 0, superseded: 50 }),
    );
    expect(sizes).toEqual([100, 100, 100, 100, 100, 100, 100, 100, 100, 50]);
    expect(most).toBe(4);

    sizes.length = 0;
    await importRows([header, ...manyRows(100)], saveContacts);
    expect(sizes).toEqual([100]);
  });

  it('stops when the store fails, and tells how much was written', async () => {
    let batches = 0;
    const saveContacts: SaveContacts = async (contacts, deadlineMs) => {
      batches += 1;
      if (batches === 2) return fail({ reason: 'store-unavailable', detail: 'TimeoutError' });
      return store.saveContacts(contacts, deadlineMs);
    };
    expect(await importRows([header, ...manyRows(5000)], saveContacts)).toEqual(
      fail({ reason: 'store-unavailable', detail: 'TimeoutError', written: expect.any(Number) }),
    );
    expect(batches).toBeLessThan(10);
  });

  it('tells that a file without agents assigns nobody', async () => {
    await importRows([['phone'], ['+12025550101']]);
    expect(remarks).toEqual([{ kind: 'no-agent-column' }]);
  });

  it.each([
    ['no phone column', [['name']], 'no-phone-column'],
    ['two columns of one name', [['phone', 'phone']], 'repeated-column'],
    ['nothing in it', [], 'empty-file'],
    ['a broken first line', ['broken' as const], 'broken-quotes'],
  ])('refuses a file with %s, and writes nothing', async (_, rows, reason) => {
    expect(await importRows([...rows, ...(rows.length > 0 ? [['+12025550101']] : [])])).toEqual(
      fail({ reason }),
    );
    expect(await store.findContact(phone('+12025550101'), t0)).toEqual(succeed(undefined));
  });
});
