/**
 * Readers for documents that people write, put together from small ones. They find every problem at once, each with
 * its place and what was expected there.
 */
import type { NonEmpty } from './model.ts';
import { fail, type Result, succeed } from './result.ts';

export type DocumentProblem = {
  /** `rules[2].when.hours.zone`; empty for the document itself. */
  readonly path: string;
  /** `an IANA time zone, for instance Europe/Paris` */
  readonly expected: string;
};

export type Read<Value> = Result<Value, readonly DocumentProblem[]>;
/** Reads the value that stands at `path`. */
export type Reader<Value> = (value: unknown, path: string) => Read<Value>;

/** What `parse` makes of a value; with `undefined` it refuses. */
export function scalar<Value>(expected: string, parse: (value: unknown) => Value | undefined): Reader<Value> {
  return (value, path) => {
    const parsed = parse(value);
    return parsed === undefined ? refuse(path, expected) : succeed(parsed);
  };
}

export function text<Value>(expected: string, parse: (text: string) => Value | undefined): Reader<Value> {
  return scalar(expected, (value) => (typeof value === 'string' ? parse(value) : undefined));
}

export function oneOf<const Word extends string>(words: readonly Word[]): Reader<Word> {
  return text(`one of ${words.join(', ')}`, (text) => words.find((word) => word === text));
}

export function wholeNumber(least: number, most: number): Reader<number> {
  return scalar(`a whole number from ${least} to ${most}`, (value) =>
    isWhole(value) && value >= least && value <= most ? value : undefined,
  );
}

export function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

/** A list is never empty: it would say nothing, or that nothing will do. */
export function list<Value>(readEntry: Reader<Value>): Reader<NonEmpty<Value>> {
  return (value, path) =>
    Array.isArray(value) && value.length > 0
      ? (joinReads(Array.from(value, (entry, index) => readEntry(entry, `${path}[${index}]`))) as Read<
          NonEmpty<Value>
        >)
      : refuse(path, 'a list with at least one entry');
}

/** One value may stand for a list of one. */
export function oneOrMore<Value>(readEntry: Reader<Value>): Reader<readonly Value[]> {
  const readList = list(readEntry);
  return (value, path) =>
    Array.isArray(value) ? readList(value, path) : joinReads([readEntry(value, path)]);
}

type Readers<Values> = { readonly [Key in keyof Values]: Reader<Values[Key]> };

/** An object of these keys and no others. */
export function object<Required extends object, Optional extends object>(
  required: Readers<Required>,
  optional: Readers<Optional>,
): Reader<Required & Partial<Optional>> {
  const readers = new Map<string, Reader<unknown>>(Object.entries({ ...required, ...optional }));
  const refuseKey: Reader<unknown> = (_, path) =>
    refuse(path, `one of the keys ${[...readers.keys()].join(', ')}`);

  return (value, path) => {
    if (!isObject(value)) return refuse(path, 'an object');

    const keys = new Set([...Object.keys(required), ...Object.keys(value)]);
    return readEntries([...keys], value, path, (key) => readers.get(key) ?? refuseKey) as Read<
      Required & Partial<Optional>
    >;
  };
}

/** An object of any keys, at least one. */
export function record<Value>(
  expected: string,
  readValue: Reader<Value>,
): Reader<Readonly<Record<string, Value>>> {
  return (value, path) =>
    isObject(value) && Object.keys(value).length > 0
      ? readEntries(Object.keys(value), value, path, () => readValue)
      : refuse(path, expected);
}

/** Looks at the value as it is written, too, for what no part of it can tell alone. */
export function checked<Value>(
  read: Reader<Value>,
  findProblems: (value: unknown, path: string) => readonly DocumentProblem[],
): Reader<Value> {
  return (value, path) => {
    const parts = read(value, path);
    const problems = [...problemsOf(parts), ...findProblems(value, path)];
    return problems.length > 0 ? fail(problems) : parts;
  };
}

/** A value of JSON: an instance of some class is none. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

export function refuse(path: string, expected: string) {
  return fail([{ path, expected }]);
}

function readEntries<Value>(
  keys: readonly string[],
  value: Readonly<Record<string, unknown>>,
  path: string,
  readerOf: (key: string) => Reader<Value>,
): Read<Readonly<Record<string, Value>>> {
  const entries = keys.map((key) => {
    const read = readerOf(key)(value[key], joinPath(path, key));
    return read.ok ? succeed([key, read.value] as const) : read;
  });
  const joined = joinReads(entries);
  return joined.ok ? succeed(Object.fromEntries(joined.value)) : joined;
}

function joinPath(path: string, key: string): string {
  if (!/^\w+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

function joinReads<Value>(reads: readonly Read<Value>[]): Read<readonly Value[]> {
  const values: Value[] = [];
  const problems = reads.flatMap((read) => {
    if (!read.ok) return read.failure;
    values.push(read.value);
    return [];
  });
  return problems.length > 0 ? fail(problems) : succeed(values);
}

function problemsOf(read: Read<unknown>): readonly DocumentProblem[] {
  return read.ok ? [] : read.failure;
}
