import { beforeEach, describe, expect, it } from 'vitest';
import type { StoreFailure, StoreResult } from '../../lib/core/model.ts';
import { defaultPolicy } from '../../lib/core/policy.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import type { StoredPolicy } from '../../lib/ports.ts';
import { type CurrentPolicy, createCurrentPolicy } from '../../lib/use-cases/current-policy.ts';
import { createClock, t0 } from '../builders.ts';

const inVersion = (version: number): StoredPolicy => ({
  version,
  storedAtMs: t0 - 1000,
  policy: { ...defaultPolicy, reserveSeconds: version },
});
const unavailable: StoreFailure = { reason: 'store-unavailable', detail: 'TimeoutError' };

let clock: ReturnType<typeof createClock>;
let stored: StoreResult<StoredPolicy | undefined>;
/** The deadlines that the store was given. */
let asked: number[];
let warnings: unknown[];
let currentPolicy: CurrentPolicy;

beforeEach(() => {
  clock = createClock();
  stored = succeed(inVersion(1));
  asked = [];
  warnings = [];
  const findPolicy = async (deadlineMs: number) => {
    asked.push(deadlineMs);
    return stored;
  };
  currentPolicy = createCurrentPolicy({ findPolicy, warn, now: clock.now }, { rememberedForMs: 30_000 });
});

const warn = (...warning: unknown[]) => warnings.push(warning);
const versionNow = async () => {
  const found = await currentPolicy(clock.now() + 3000);
  return found.ok ? found.value.version : found.failure;
};

it('is the one that is stored', async () => {
  expect(await currentPolicy(t0 + 3000)).toEqual(
    succeed({ version: 1, policy: { ...defaultPolicy, reserveSeconds: 1 } }),
  );
});

it('is the built-in one, as version 0, where none is stored', async () => {
  stored = succeed(undefined);
  expect(await currentPolicy(t0 + 3000)).toEqual(succeed({ version: 0, policy: defaultPolicy }));
  expect(await versionNow()).toBe(0);
  expect(asked).toHaveLength(1);
});

it('is remembered for 30 s, and then looked up again', async () => {
  await versionNow();
  stored = succeed(inVersion(2));
  clock.advance(29_999);
  expect(await versionNow()).toBe(1);
  clock.advance(1);
  expect(await versionNow()).toBe(2);
  expect(asked).toHaveLength(2);
});

it('counts its age from the question: a slow answer is old already', async () => {
  const findPolicy = async () => {
    clock.advance(2000);
    return stored;
  };
  currentPolicy = createCurrentPolicy({ findPolicy, warn, now: clock.now }, { rememberedForMs: 30_000 });
  await versionNow();
  stored = succeed(inVersion(2));
  clock.advance(28_000);
  expect(await versionNow()).toBe(2);
});

it('is looked up once for all who ask at the same time', async () => {
  expect(await Promise.all([versionNow(), versionNow(), versionNow()])).toEqual([1, 1, 1]);
  expect(asked).toEqual([t0 + 3000]);
});

describe('while the table is in trouble', () => {
  it('is unknown to who never knew one, and the failure is not remembered', async () => {
    stored = fail(unavailable);
    expect(await versionNow()).toEqual(unavailable);
    stored = succeed(inVersion(1));
    expect(await versionNow()).toBe(1);
  });

  it('is the copy in memory, until that is 5 minutes old', async () => {
    await versionNow();
    stored = fail(unavailable);
    clock.advance(30_000);
    expect(await versionNow()).toBe(1);
    clock.advance(269_999);
    expect(await versionNow()).toBe(1);
    clock.advance(1);
    expect(await versionNow()).toEqual(unavailable);
  });

  it('is asked for at every call, and found again at once', async () => {
    await versionNow();
    stored = fail(unavailable);
    clock.advance(30_000);
    await versionNow();
    await versionNow();
    expect(asked).toHaveLength(3);
    stored = succeed(inVersion(2));
    expect(await versionNow()).toBe(2);
  });

  it('is warned of at every look-up that failed', async () => {
    await versionNow();
    expect(warnings).toEqual([]);
    stored = fail(unavailable);
    clock.advance(30_000);
    await versionNow();
    expect(warnings).toEqual([['store-trouble', { during: 'reading the policy', detail: 'TimeoutError' }]]);
  });

  it('is waited for until the deadline only where there is no copy to go by', async () => {
    await versionNow();
    clock.advance(30_000);
    await versionNow();
    clock.advance(30_000);
    await currentPolicy(clock.now() + 200);
    clock.advance(300_000);
    await versionNow();
    expect(asked).toEqual([t0 + 3000, t0 + 30_500, t0 + 60_200, t0 + 363_000]);
  });
});

it('has no stand-in where the stored one became unreadable: it is certainly another', async () => {
  await versionNow();
  stored = fail({ reason: 'item-unreadable', detail: 'policy: schemaVersion' });
  clock.advance(30_000);
  expect(await versionNow()).toEqual({ reason: 'item-unreadable', detail: 'policy: schemaVersion' });
  expect(warnings).toEqual([
    ['item-unreadable', { during: 'reading the policy', detail: 'policy: schemaVersion' }],
  ]);
});
