/**
 * A JSON text with some of its values replaced, dropped, doubled or filled with keys that every object has: written by
 * hand, since no program would write it.
 */
import fc from 'fast-check';
import { type OddValue, oddNames, oddValues } from './odd-values.ts';

export type Mutation = {
  /** Counts the values of the text, the whole one first; or their key, wherever it stands. */
  readonly at: number | string;
  readonly how: 'replaced' | 'dropped' | 'doubled' | 'in a list' | 'with a prototype' | 'in quotes';
  readonly by: OddValue;
};

/** @param keys to be met more often than others */
export const mutationOf = (keys: readonly string[]): fc.Arbitrary<Mutation> =>
  fc.record({
    at: fc.oneof(fc.nat(60), fc.constantFrom(...keys)),
    how: fc.oneof(
      { weight: 6, arbitrary: fc.constant('replaced' as const) },
      {
        weight: 4,
        arbitrary: fc.constantFrom('dropped', 'doubled', 'in a list', 'with a prototype', 'in quotes'),
      },
    ),
    by: fc.constantFrom(...oddNames),
  });

/** Of two mutations of one value the last counts. */
export function mutate(value: unknown, mutations: readonly Mutation[]): string {
  const count = countValues(value);
  const byPlace = new Map(
    mutations.map((one) => [typeof one.at === 'number' ? one.at % count : one.at, one]),
  );
  let place = -1;
  return write(value, '');

  function find(at: number, key: string): Mutation | undefined {
    return byPlace.get(at) ?? byPlace.get(key);
  }

  function write(part: unknown, key: string): string {
    place += 1;
    const found = find(place, key);
    const text = writePlain(part, found?.how === 'with a prototype' ? '"__proto__":{"isPolluted":true}' : '');
    switch (found?.how) {
      case 'replaced':
        return oddValues[found.by];
      case 'in a list':
        return `[${text}]`;
      case 'in quotes':
        return JSON.stringify(text);
      default:
        return text;
    }
  }

  function writePlain(part: unknown, extra: string): string {
    if (Array.isArray(part)) return `[${part.map((one) => write(one, '')).join()}]`;
    if (typeof part !== 'object' || part === null) return JSON.stringify(part);

    const entries = Object.entries(part).flatMap(([key, one]) => writeEntry(key, one));
    return `{${[...entries, ...(extra === '' ? [] : [extra])].join()}}`;
  }

  function writeEntry(key: string, part: unknown): readonly string[] {
    const found = find(place + 1, key);
    const entry = `${JSON.stringify(key)}:${write(part, key)}`;
    if (found?.how === 'dropped') return [];
    return found?.how === 'doubled' ? [entry, `${JSON.stringify(key)}:${oddValues[found.by]}`] : [entry];
  }
}

function countValues(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return 1 + Object.values(value).reduce((sum: number, one) => sum + countValues(one), 0);
}
