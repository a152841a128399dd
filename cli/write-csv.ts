/** Rows as lines of a CSV file, which `readCsv` reads as they were. */
export function* writeCsv(rows: Iterable<readonly string[]>): Generator<string> {
  for (const row of rows) yield `${row.map(quoteIfNeeded).join(',')}\n`;
}

/** An apostrophe before a formula would be part of the value when it is read again: such cells stay as they are. */
function quoteIfNeeded(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
