/**
 * Text as a terminal may have it: what is printed may have come from anywhere.
 */

/** Without control characters: these become spaces. */
export function cleanText(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}

/** Lines of cells, each column as wide as its widest cell, each cell cleaned. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const clean = rows.map((row) => row.map(cleanText));
  const widths = clean.reduce<number[]>(
    (widest, row) => row.map((cell, index) => Math.max(widest[index] ?? 0, cell.length)),
    [],
  );
  return clean.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** `2025-11-22 22:40:00Z`. */
export function formatTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
