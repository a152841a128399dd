/**
 * What must never be written or answered, and the finding of it: secrets in every spelling, and what tells of people.
 */
import { vi } from 'vitest';

export type Canaries = {
  /** By what they are, for the complaint. */
  readonly secrets: Readonly<Record<string, string | Buffer>>;
  /** E.164. Any seven digits in a row are too many. */
  readonly phones: readonly string[];
  /** Names and e-mail addresses, in any case. */
  readonly people: readonly string[];
};

/** What of the canaries stands in a text; empty for none. */
export type FindLeaks = (text: string) => readonly string[];

export function createFindLeaks({ secrets, phones, people }: Canaries): FindLeaks {
  const spellings = Object.entries(secrets).flatMap(([name, secret]) =>
    spell(secret).map((spelling) => ({ name, spelling })),
  );
  const runs = phones.flatMap((phone) => runsOf(phone).map((run) => ({ name: `the number ${phone}`, run })));
  const names = people.map((person) => ({ name: person, spelling: person.toLowerCase() }));

  return function findLeaks(text) {
    const lower = text.toLowerCase();
    const digits = withoutOtherDigits(text).replace(/(?<=\d)[ ().-]+(?=\d)/g, '');
    return [
      ...spellings.filter(({ spelling }) => text.includes(spelling)),
      ...names.filter(({ spelling }) => lower.includes(spelling)),
      ...runs.filter(({ run }) => digits.includes(run)),
    ].map(({ name }) => name);
  };
}

function spell(secret: string | Buffer): readonly string[] {
  const bytes = Buffer.from(secret);
  const encoded = (['hex', 'base64url'] as const).map((encoding) => bytes.toString(encoding));
  const base64 = bytes.toString('base64');
  const asText = typeof secret === 'string' ? [secret, encodeURIComponent(secret)] : [];
  return [...asText, ...encoded, base64, base64.replace(/=+$/, '')];
}

function runsOf(phone: string): readonly string[] {
  const digits = phone.replace(/\D/g, '');
  return Array.from({ length: digits.length - 6 }, (_, at) => digits.slice(at, at + 7));
}

/** Times and ids of requests may hold any digits. */
function withoutOtherDigits(text: string): string {
  return text
    .replace(/\b1[6-9]\d{11}\b/g, ' ')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, ' ')
    .replace(/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g, ' ');
}

export type Witness = {
  /** All that was written since the last `clear`, by whatever way, stacks of errors included. */
  readonly written: () => string;
  readonly clear: () => void;
  /** Errors that nobody took. */
  readonly unhandled: readonly unknown[];
  readonly dismiss: () => void;
};

/** Takes everything that is written in place of the console, until it is dismissed. */
export function callWitness(): Witness {
  let written: string[] = [];
  const unhandled: unknown[] = [];
  const spies = [
    ...[process.stdout, process.stderr].map((stream) =>
      vi.spyOn(stream, 'write').mockImplementation((chunk) => {
        written.push(String(chunk));
        return true;
      }),
    ),
    ...(['debug', 'info', 'log', 'warn', 'error', 'trace'] as const).map((way) =>
      vi.spyOn(console, way).mockImplementation((...given: unknown[]) => {
        written.push(given.map(tell).join(' '));
      }),
    ),
  ];
  const take = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', take).on('uncaughtException', take);

  return {
    written: () => written.join('\n'),
    clear: () => {
      written = [];
    },
    unhandled,
    dismiss: () => {
      for (const spy of spies) spy.mockRestore();
      process.off('unhandledRejection', take).off('uncaughtException', take);
    },
  };
}

function tell(given: unknown): string {
  if (given instanceof Error) return `${given.stack} ${tell(given.cause ?? '')}`;
  return typeof given === 'string' ? given : JSON.stringify(given);
}
