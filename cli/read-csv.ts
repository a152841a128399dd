/**
 * A CSV file's rows with the lines they begin at: UTF-8 with or without a byte order mark, any kind of line break,
 * quoted cells with line breaks in them. A quote inside a cell that is not quoted is a quote: `5" pipe`.
 *
 * A row whose quotes are broken is told as such, and reading starts anew at the line below it: one forgotten quote
 * doesn't cost the rest of the file.
 */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { parse } from 'csv-parse';
import type { CsvProblem, CsvRow } from '../lib/ports.ts';

type Position = { readonly byte: number; readonly line: number };

/** An item of the table holds 400 KB. */
const longestRowBytes = 100_000;

const chunkBytes = 16_384;
/** After a broken row there is likely another one: little is read ahead in vain. */
const firstPieceBytesAfterBroken = 1024;

/** @param onRead told of every bit that was read */
export async function* readCsv(path: string, onRead: (bytes: number) => void): AsyncGenerator<CsvRow> {
  let from: Position | undefined = { byte: 0, line: 1 };
  while (from !== undefined) from = yield* readUntilBroken(path, from, onRead);
}

/** Returns where to go on after a broken row, or `undefined` at the end of the file. */
async function* readUntilBroken(
  path: string,
  from: Position,
  onRead: (bytes: number) => void,
): AsyncGenerator<CsvRow, Position | undefined> {
  const parser = parse({
    bom: true,
    info: true,
    // The parser's own count takes CRLF in a quoted cell for two lines.
    raw: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: longestRowBytes,
    relax_quotes: true,
  });
  // Told at once, while good rows before it are still waiting to be read. Rows after it can't be trusted.
  const broken: { row: number; because: CsvProblem }[] = [];
  parser.on('skip', ({ code, records }) => {
    broken.push({ row: records, because: code === 'CSV_MAX_RECORD_SIZE' ? 'row-too-long' : 'broken-quotes' });
  });
  // An error reaches the loop below by ending the parser.
  pipeline(
    readPieces(path, from, () => broken.length > 0),
    parser,
    () => undefined,
  );

  let { byte, line } = from;
  let because: CsvProblem | undefined;
  for await (const { record, raw, info } of parser) {
    if (broken[0] !== undefined && info.records > broken[0].row) break;
    if (!isSoundlyQuoted(raw)) {
      because = 'broken-quotes';
      break;
    }

    yield { kind: 'cells', line: line + countLineBreaks(/^[\r\n]*/.exec(raw)?.[0] ?? ''), cells: record };
    line += countLineBreaks(raw);
    onRead(from.byte + info.bytes - byte);
    byte = from.byte + info.bytes;
  }
  because ??= broken[0]?.because;
  if (because === undefined) return undefined;

  const rest = await measureLine(path, byte);
  yield { kind: 'broken', line: line + rest.blankLines, because };
  return { byte: byte + rest.bytes, line: line + rest.blankLines + 1 };
}

async function* readPieces(path: string, from: Position, isEnough: () => boolean): AsyncGenerator<Buffer> {
  let pieceBytes = from.byte === 0 ? chunkBytes : firstPieceBytesAfterBroken;
  for await (const chunk of createReadStream(path, { start: from.byte, highWaterMark: chunkBytes })) {
    for (let start = 0; start < chunk.length; ) {
      yield chunk.subarray(start, start + pieceBytes);
      if (isEnough()) return;
      start += pieceBytes;
      pieceBytes = Math.min(pieceBytes * 2, chunkBytes);
    }
  }
}

/**
 * Whether each quoted cell ends at its closing quote. The parser, told to take quotes in other cells, takes also
 * `"a"b`, and a space before a quoted cell: whose commas would then part it.
 */
function isSoundlyQuoted(raw: string): boolean {
  return !raw.includes('"') || soundRow.test(raw);
}

const quotedCell = '"[^"]*(?:""[^"]*)*"';
const plainCell = '(?!\\s*")[^,\\r\\n]*';
const anyCell = `(?:${quotedCell}|${plainCell})`;
const soundRow = new RegExp(`^\\uFEFF?[\\r\\n]*${anyCell}(?:,${anyCell})*[\\r\\n]*$`);

function countLineBreaks(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}

/** The first line from `byte` on that is not empty: how many empty ones lie before it, and how many bytes it all takes. */
async function measureLine(path: string, byte: number): Promise<{ blankLines: number; bytes: number }> {
  let text = '';
  // Latin-1: one character for each byte.
  const options = { start: byte, encoding: 'latin1', highWaterMark: chunkBytes } as const;
  for await (const chunk of createReadStream(path, options)) {
    text += chunk;
    const [line, blank = ''] = /^([\r\n]*)[^\r\n]+(\r\n|\r(?!$)|\n)/.exec(text) ?? [];
    if (line !== undefined) return { blankLines: countLineBreaks(blank), bytes: line.length };
  }
  return { blankLines: countLineBreaks(/^[\r\n]*/.exec(text)?.[0] ?? ''), bytes: text.length };
}
