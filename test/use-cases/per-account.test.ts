import { beforeEach, describe, expect, it } from 'vitest';
import { createPerAccount } from '../../lib/use-cases/per-account.ts';
import { accountId } from '../accounts.ts';
import { acmeAccount } from '../acme.ts';

let made: string[];

beforeEach(() => {
  made = [];
});

function open(most = 2) {
  return createPerAccount(({ accountId, version }) => {
    made.push(`${accountId} ${version}`);
    return { of: accountId };
  }, most);
}
const acme = acmeAccount();
const borg = acmeAccount({ accountId: accountId('borg') });
const corp = acmeAccount({ accountId: accountId('corp') });

describe('what an account has for itself', () => {
  it('is made once, when it is first needed', () => {
    const partsOf = open();
    expect(made).toEqual([]);
    const parts = partsOf(acme);
    expect(parts).toEqual({ of: 'acme' });
    expect(partsOf({ ...acme })).toBe(parts);
    expect(made).toEqual(['acme 1']);
  });

  it('is no other’s', () => {
    const partsOf = open();
    expect(partsOf(borg)).not.toBe(partsOf(acme));
    expect(partsOf(borg)).toEqual({ of: 'borg' });
  });

  it('is made anew when the account has changed, in place of what was there', () => {
    const partsOf = open(1);
    const before = partsOf(acme);
    const after = partsOf({ ...acme, version: 2 });
    expect(after).not.toBe(before);
    expect(partsOf({ ...acme, version: 2 })).toBe(after);
    expect(made).toEqual(['acme 1', 'acme 2']);
  });
});

it('what an account has is made anew for one that was deleted and installed again, at the version it had', () => {
  const partsOf = open();
  const before = partsOf(acme);
  expect(partsOf({ ...acme, sealedCredentials: 'sealed anew' })).not.toBe(before);
  expect(made).toEqual(['acme 1', 'acme 1']);
});

describe('the room for it', () => {
  it('is for two: who was needed longest ago goes first', () => {
    const partsOf = open();
    for (const one of [acme, borg, acme, corp, acme]) partsOf(one);
    expect(made).toEqual(['acme 1', 'borg 1', 'corp 1']);
    partsOf(borg);
    expect(made).toEqual(['acme 1', 'borg 1', 'corp 1', 'borg 1']);
  });

  it('is not used up by one account that changes', () => {
    const partsOf = open();
    partsOf(borg);
    for (let version = 1; version <= 5; version += 1) partsOf({ ...acme, version });
    partsOf(borg);
    expect(made.filter((one) => one === 'borg 1')).toHaveLength(1);
  });
});
