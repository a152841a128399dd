/**
 * Answers of the store, remembered for a while: what is there for `knownForMs`, that something is not there for
 * `unknownForMs`. While the store is away, an older answer stands in until it is `usableForMs` old: what was so a minute
 * ago is better than a caller left alone. Concurrent questions for one thing share one answer.
 *
 * At most `most` answers of either kind are kept, whatever is asked: the oldest go first, and what is not there takes no room
 * from what is.
 */
import type { StoreResult } from '../core/model.ts';
import { succeed } from '../core/result.ts';
import type { Now } from '../ports.ts';

export type RememberLimits = {
  readonly knownForMs: number;
  readonly unknownForMs: number;
  readonly usableForMs: number;
  readonly most: number;
};

export type Remembered<Key, Value> = {
  readonly find: (key: Key, deadlineMs: number) => Promise<StoreResult<Value | undefined>>;
  readonly forget: (key: Key) => void;
};

export function createRemembered<Key, Value>(
  ask: (key: Key, deadlineMs: number) => Promise<StoreResult<Value | undefined>>,
  now: Now,
  limits: RememberLimits,
): Remembered<Key, Value> {
  const known = new Map<Key, { readonly value: Value; readonly atMs: number }>();
  const unknown = new Map<Key, { readonly value: undefined; readonly atMs: number }>();
  const underWay = new Map<Key, Promise<StoreResult<Value | undefined>>>();

  return {
    find: async (key, deadlineMs) => {
      const answer = unknown.get(key) ?? known.get(key);
      if (answer !== undefined && now() - answer.atMs < forMs(answer.value)) return succeed(answer.value);

      return underWay.get(key) ?? begin(key, deadlineMs);
    },
    forget: (key) => {
      known.delete(key);
      unknown.delete(key);
      underWay.delete(key);
    },
  };

  /** An answer that was forgotten before it came is not remembered: it may be of before. */
  function begin(key: Key, deadlineMs: number): Promise<StoreResult<Value | undefined>> {
    const isWanted = () => underWay.get(key) === question;
    const question = lookUp(key, deadlineMs, isWanted).finally(() => {
      if (isWanted()) underWay.delete(key);
    });
    underWay.set(key, question);
    return question;
  }

  async function lookUp(
    key: Key,
    deadlineMs: number,
    isWanted: () => boolean,
  ): Promise<StoreResult<Value | undefined>> {
    const atMs = now();
    const found = await ask(key, deadlineMs);
    if (!found.ok) {
      const before = known.get(key);
      const mayStandIn = before !== undefined && now() - before.atMs < limits.usableForMs;
      return mayStandIn && found.failure.reason === 'store-unavailable' ? succeed(before.value) : found;
    }
    if (isWanted()) remember(key, found.value, atMs);
    return found;
  }

  function remember(key: Key, value: Value | undefined, atMs: number): void {
    known.delete(key);
    unknown.delete(key);
    if (value === undefined) keep(unknown, key, { value, atMs });
    else keep(known, key, { value, atMs });
  }

  function keep<Answer>(answers: Map<Key, Answer>, key: Key, answer: Answer): void {
    answers.set(key, answer);
    if (answers.size <= limits.most) return;

    const [oldest] = answers.keys();
    answers.delete(oldest as Key);
  }

  function forMs(value: Value | undefined): number {
    return value === undefined ? limits.unknownForMs : limits.knownForMs;
  }
}
