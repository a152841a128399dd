import { beforeEach, describe, expect, it } from 'vitest';
import type { OpenCredentials } from '../../lib/account-ports.ts';
import type { AircallCredentials } from '../../lib/core/account.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import { createOpenOnce } from '../../lib/use-cases/open-once.ts';
import { acmeAccount } from '../acme.ts';
import { t0 } from '../builders.ts';

const credentials: AircallCredentials = { kind: 'oauth', accessToken: 'secret-access-token' };
const closed = { reason: 'seal-unavailable', detail: 'KMS: TimeoutError' } as const;
const sealed = acmeAccount({ sealedCredentials: 'sealed-text' });

let opened: unknown[];
let warnings: unknown[];
let answers: Awaited<ReturnType<OpenCredentials>>[];

beforeEach(() => {
  [opened, warnings, answers] = [[], [], []];
});

function give(of = sealed) {
  return createOpenOnce(
    of,
    async (...given) => {
      opened.push(given);
      return answers.shift() ?? succeed(credentials);
    },
    (...given) => warnings.push(given),
  );
}

describe('credentials', () => {
  it('are opened when they are first needed, for their account and within the deadline, and then kept', async () => {
    const giveCredentials = give();
    expect(opened).toEqual([]);
    expect(await giveCredentials(t0 + 4_000)).toEqual(succeed(credentials));
    expect(await giveCredentials(t0 + 9_000)).toEqual(succeed(credentials));
    expect(opened).toEqual([['acme', 'sealed-text', 1763851204000]]);
    expect(warnings).toEqual([]);
  });

  it('that all need at once are opened once', async () => {
    const giveCredentials = give();
    const given = await Promise.all([giveCredentials(0), giveCredentials(0), giveCredentials(0)]);
    expect(given).toEqual([succeed(credentials), succeed(credentials), succeed(credentials)]);
    expect(opened).toHaveLength(1);
  });

  it('that could not be opened are tried again the next time', async () => {
    answers = [fail(closed)];
    const giveCredentials = give();
    expect(await giveCredentials(0)).toEqual(
      fail({ reason: 'no-credentials', message: 'credentials of account acme: KMS: TimeoutError' }),
    );
    expect(await giveCredentials(0)).toEqual(succeed(credentials));
    expect(await giveCredentials(0)).toEqual(succeed(credentials));
    expect(opened).toHaveLength(2);
  });

  it('that all need at once and can not be opened are told of once', async () => {
    answers = [fail(closed)];
    const giveCredentials = give();
    const given = await Promise.all([giveCredentials(0), giveCredentials(0)]);
    expect(given.map(({ ok }) => ok)).toEqual([false, false]);
    expect(warnings).toEqual([['credentials-closed', { accountId: 'acme', detail: 'KMS: TimeoutError' }]]);
  });

  it('that nobody can open are told of, with no word of what was sealed', async () => {
    answers = [fail({ reason: 'seal-broken', detail: 'sealed with another key' })];
    const given = await give()(0);
    expect(given).toMatchObject({ failure: { reason: 'no-credentials' } });
    expect(warnings).toEqual([
      ['credentials-closed', { accountId: 'acme', detail: 'sealed with another key' }],
    ]);
    expect(JSON.stringify([given, warnings])).not.toMatch(/sealed-text|secret/);
  });

  it('that are not there are not opened: the company has uninstalled us', async () => {
    const { sealedCredentials: _, ...wiped } = sealed;
    expect(await give(wiped)(0)).toEqual(
      fail({ reason: 'no-credentials', message: 'credentials of account acme: there are none' }),
    );
    expect([opened, warnings]).toEqual([[], []]);
  });
});
