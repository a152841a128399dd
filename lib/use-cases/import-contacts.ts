/**
 * A file of contacts, written to the store: good rows are saved, bad ones remarked on, and of several rows with one
 * phone the last good one counts. Importing a file twice changes nothing.
 *
 * The rows are read twice. The first reading finds out which line counts for each phone; in the second every phone is
 * written once, so that batches may be under way side by side and none can overtake another one's rows.
 */
import type { CountryCode } from 'libphonenumber-js/min';
import {
  type Columns,
  type HeaderProblem,
  parseContactRow,
  parseHeader,
  type RowProblem,
} from '../core/contact-row.ts';
import type { Contact, PhoneNumber, StoreFailure, StoreResult } from '../core/model.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import type { CsvProblem, Now, ReadCsv, SaveContacts } from '../ports.ts';

export type ImportContactsPorts = {
  readonly readCsv: ReadCsv;
  readonly saveContacts: SaveContacts;
  readonly now: Now;
};

/** `deadlineMs`: for one batch. */
export type ImportContactsLimits = { readonly deadlineMs: number };

export type ImportSummary = {
  /** Rows with something in them, below the header. */
  readonly rows: number;
  readonly written: number;
  readonly unchanged: number;
  readonly bad: number;
  /** Good rows whose phone comes again further down. */
  readonly superseded: number;
};

/** What is worth telling while the file is read. */
export type ImportRemark =
  | {
      readonly kind: 'bad-row';
      readonly line: number;
      readonly because: readonly RowProblem[] | CsvProblem;
    }
  | { readonly kind: 'superseded'; readonly line: number; readonly byLine: number }
  | { readonly kind: 'no-agent-column' };

export type ImportFailure =
  | { readonly reason: HeaderProblem | CsvProblem | 'empty-file' }
  | (StoreFailure & { readonly written: number });

export type ImportContacts = (
  defaultCountry: CountryCode | undefined,
  remark: (remark: ImportRemark) => void,
) => Promise<Result<ImportSummary, ImportFailure>>;

type Row =
  | { readonly kind: 'good-row'; readonly line: number; readonly contact: Contact }
  | Extract<ImportRemark, { kind: 'bad-row' }>;

const batchSize = 100;
const mostBatchesUnderWay = 4;

export function createImportContacts(
  ports: ImportContactsPorts,
  limits: ImportContactsLimits,
): ImportContacts {
  return async function importContacts(defaultCountry, remark) {
    const columns = await readHeader(ports.readCsv);
    if (!columns.ok) return columns;
    if (!columns.value.includes('agent_email')) remark({ kind: 'no-agent-column' });

    const readRows = () => parseRows(ports.readCsv, columns.value, defaultCountry);
    const { lineOfPhone, ...counts } = await checkRows(readRows(), remark);
    const saved = await save(keepWhatCounts(readRows(), lineOfPhone));
    return saved.ok ? succeed({ ...counts, ...saved.value }) : saved;
  };

  async function save(contacts: AsyncIterable<Contact>) {
    const underWay = new Set<Promise<void>>();
    const totals = { written: 0, unchanged: 0 };
    const failures: StoreFailure[] = [];

    for await (const batch of inBatches(contacts)) {
      const sending = ports
        .saveContacts(batch, ports.now() + limits.deadlineMs)
        .then(count)
        .finally(() => underWay.delete(sending));
      underWay.add(sending);
      if (underWay.size >= mostBatchesUnderWay) await Promise.race(underWay);
      if (failures.length > 0) break;
    }
    await Promise.all(underWay);

    const [failure] = failures;
    return failure === undefined ? succeed(totals) : fail({ ...failure, written: totals.written });

    function count(saved: StoreResult<{ readonly written: number; readonly unchanged: number }>): void {
      if (!saved.ok) {
        failures.push(saved.failure);
        return;
      }
      totals.written += saved.value.written;
      totals.unchanged += saved.value.unchanged;
    }
  }
}

async function readHeader(readCsv: ReadCsv): Promise<Result<Columns, ImportFailure>> {
  for await (const row of readCsv()) {
    if (row.kind === 'broken') return fail({ reason: row.because });

    const columns = parseHeader(row.cells);
    return columns.ok ? columns : fail({ reason: columns.failure });
  }
  return fail({ reason: 'empty-file' });
}

async function* parseRows(
  readCsv: ReadCsv,
  columns: Columns,
  defaultCountry: CountryCode | undefined,
): AsyncGenerator<Row> {
  let isHeader = true;
  for await (const row of readCsv()) {
    const isBlank = row.kind === 'cells' && row.cells.every((cell) => cell.trim() === '');
    const isPassedOver = isHeader || isBlank;
    isHeader = false;
    if (isPassedOver) continue;

    const { line } = row;
    if (row.kind === 'broken') {
      yield { kind: 'bad-row', line, because: row.because };
      continue;
    }
    const contact = parseContactRow(columns, row.cells, defaultCountry);
    yield contact.ok
      ? { kind: 'good-row', line, contact: contact.value }
      : { kind: 'bad-row', line, because: contact.failure };
  }
}

/** One number is kept in memory for each phone: the line that counts. */
async function checkRows(rows: AsyncIterable<Row>, remark: (remark: ImportRemark) => void) {
  const lineOfPhone = new Map<PhoneNumber, number>();
  const counts = { rows: 0, bad: 0, superseded: 0 };

  for await (const row of rows) {
    counts.rows += 1;
    if (row.kind === 'bad-row') {
      counts.bad += 1;
      remark(row);
      continue;
    }
    const { phone } = row.contact;
    const before = lineOfPhone.get(phone);
    if (before !== undefined) {
      counts.superseded += 1;
      remark({ kind: 'superseded', line: before, byLine: row.line });
    }
    lineOfPhone.set(phone, row.line);
  }
  return { ...counts, lineOfPhone };
}

async function* keepWhatCounts(
  rows: AsyncIterable<Row>,
  lineOfPhone: ReadonlyMap<PhoneNumber, number>,
): AsyncGenerator<Contact> {
  for await (const row of rows) {
    if (row.kind === 'good-row' && lineOfPhone.get(row.contact.phone) === row.line) yield row.contact;
  }
}

async function* inBatches(contacts: AsyncIterable<Contact>): AsyncGenerator<readonly Contact[]> {
  let batch: Contact[] = [];
  for await (const contact of contacts) {
    batch.push(contact);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
