/**
 * What changes between two texts, line by line: `-` for what goes, `+` for what comes, and two spaces before what stays.
 * Of what stays, only the lines beside a change are told; `…` stands for the others.
 */
export function diffLines(before: readonly string[], after: readonly string[]): readonly string[] {
  return leaveOutTheSame(compare(before, after));
}

type Line = { readonly mark: '-' | '+' | ' '; readonly text: string };

function compare(before: readonly string[], after: readonly string[]): readonly Line[] {
  const common = measureCommon(before, after);
  const lines: Line[] = [];
  let [b, a] = [0, 0];
  while (b < before.length || a < after.length) {
    const [old, young] = [before[b], after[a]];
    if (old !== undefined && old === young) {
      lines.push({ mark: ' ', text: old });
      b += 1;
      a += 1;
    } else if (old !== undefined && (young === undefined || at(common, b + 1, a) >= at(common, b, a + 1))) {
      lines.push({ mark: '-', text: old });
      b += 1;
    } else if (young !== undefined) {
      lines.push({ mark: '+', text: young });
      a += 1;
    }
  }
  return lines;
}

/** How many lines the rest of the one text and the rest of the other have in common, in order. */
function measureCommon(before: readonly string[], after: readonly string[]): readonly number[][] {
  const common = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  for (let b = before.length - 1; b >= 0; b -= 1) {
    for (let a = after.length - 1; a >= 0; a -= 1) {
      const row = common[b] ?? [];
      row[a] =
        before[b] === after[a]
          ? at(common, b + 1, a + 1) + 1
          : Math.max(at(common, b + 1, a), at(common, b, a + 1));
    }
  }
  return common;
}

function at(common: readonly number[][], b: number, a: number): number {
  return common[b]?.[a] ?? 0;
}

function leaveOutTheSame(lines: readonly Line[]): readonly string[] {
  const isTold = (index: number) => [-1, 0, 1].some((step) => (lines[index + step]?.mark ?? ' ') !== ' ');
  return lines.flatMap(({ mark, text }, index) => {
    if (isTold(index)) return [`${mark} ${text}`];
    return index === 0 || isTold(index - 1) ? ['  …'] : [];
  });
}
