import { describe, expect, it } from 'vitest';
import {
  beginPurge,
  change,
  install,
  isBeingPurged,
  isForgotten,
  newAccount,
  newOwnAccount,
  ownAccountId,
  parseAccountId,
  switchTo,
  uninstall,
  withWebhook,
} from '../../lib/core/account.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import { accountId } from '../accounts.ts';
import { acmeAccount } from '../acme.ts';
import { t0 } from '../builders.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;

describe('the id of an account', () => {
  it.each(['acme', 'a', '0', '90210', 'acme-2', 'a--b', 'a'.repeat(40)])('may be %s', (text) => {
    expect(parseAccountId(text)).toBe(text);
  });

  it.each([
    ['nothing', ''],
    ['41 characters', 'a'.repeat(41)],
    ['capital letters', 'Acme'],
    ['a hyphen in front', '-acme'],
    ['what parts keys', 'acme#2'],
    ['a blank', 'acme 2'],
    ['a blank in front', ' acme'],
    ['a second line', 'acme\n'],
    ['an underscore', 'acme_2'],
    ['other letters', 'zoë'],
  ])('is not %s', (_, text) => {
    expect(parseAccountId(text)).toBeUndefined();
  });

  it('of the environment is one', () => {
    expect(ownAccountId).toBe('default');
    expect(parseAccountId(ownAccountId)).toBe('default');
  });
});

describe('a new account', () => {
  it('is active, and nothing is known of it', () => {
    expect(newAccount(accountId('acme'), 'Acme Anvils', t0)).toEqual({
      accountId: 'acme',
      name: 'Acme Anvils',
      status: 'active',
      letInBy: 'api-key',
      tokenHashes: [],
      installedAtMs: 1763851200000,
      changedAtMs: 1763851200000,
      version: 0,
    });
  });

  it('may be that of the environment', () => {
    expect(newOwnAccount(t0)).toEqual({
      accountId: 'default',
      name: 'the account of the environment',
      status: 'active',
      letInBy: 'api-key',
      tokenHashes: [],
      installedAtMs: 1763851200000,
      changedAtMs: 1763851200000,
      version: 0,
    });
  });
});

it('a change is the next version, and leaves the one before as it is', () => {
  const before = acmeAccount();
  expect(change(before, { name: 'Acme & Sons' }, t0 + 5_000)).toEqual({
    accountId: 'acme',
    name: 'Acme & Sons',
    status: 'active',
    letInBy: 'api-key',
    sealedCredentials: 'sealed',
    webhookId: 'webhook-1',
    tokenHashes: ['hash-1'],
    installedAtMs: 1763851200000,
    changedAtMs: 1763851205000,
    version: 2,
  });
  expect(before).toEqual(acmeAccount());
});

describe('a webhook in place of another', () => {
  const taken = { webhookId: 'webhook-2', tokenHash: 'new' };

  it.each<[string, string[], string[]]>([
    ['the first one', [], ['new']],
    ['in front of the earlier ones', ['hash-1', 'hash-0'], ['new', 'hash-1', 'hash-0']],
    ['the same one', ['new', 'hash-1'], ['new', 'hash-1']],
    ['one that it had before', ['hash-1', 'new', 'hash-0'], ['new', 'hash-1', 'hash-0']],
    [
      'the tenth: nine earlier ones stay',
      ['9', '8', '7', '6', '5', '4', '3', '2', '1'],
      ['new', '9', '8', '7', '6', '5', '4', '3', '2', '1'],
    ],
    [
      'the eleventh: the oldest one goes',
      ['10', '9', '8', '7', '6', '5', '4', '3', '2', '1'],
      ['new', '10', '9', '8', '7', '6', '5', '4', '3', '2'],
    ],
  ])('is known by its token: %s', (_, tokenHashes, after) => {
    expect(withWebhook(acmeAccount({ tokenHashes }), taken)).toEqual(
      acmeAccount({ webhookId: 'webhook-2', tokenHashes: after }),
    );
  });
});

describe('an installation', () => {
  const given = { name: 'Acme & Sons', letInBy: 'oauth', sealedCredentials: 'sealed anew' } as const;
  const laterMs = t0 + dayMs;

  it.each(['active', 'uninstalled'] as const)(
    'of one that is %s makes it active, with new credentials',
    (status) => {
      expect(install(acmeAccount({ status }), given, laterMs)).toEqual({
        accountId: 'acme',
        name: 'Acme & Sons',
        status: 'active',
        letInBy: 'oauth',
        sealedCredentials: 'sealed anew',
        webhookId: 'webhook-1',
        tokenHashes: ['hash-1'],
        installedAtMs: 1763937600000,
        changedAtMs: 1763851200000,
        version: 1,
      });
    },
  );

  it.each(['disabled', 'uninstalled'] as const)('of one that we switched off leaves it off: %s', (status) => {
    const before = acmeAccount({ status, disabledAtMs: t0 });
    expect(install(before, given, laterMs)).toMatchObject({
      status: 'disabled',
      disabledAtMs: 1763851200000,
      sealedCredentials: 'sealed anew',
    });
  });

  it('leaves nothing of a deletion that was begun', () => {
    const again = install(beginPurge(acmeAccount(), t0), given, laterMs);
    expect(again).toMatchObject({ status: 'active', version: 2 });
    expect(again).not.toHaveProperty('purgingAtMs');
    expect(again).not.toHaveProperty('uninstalledAtMs');
  });

  it('forgets when it was uninstalled', () => {
    const again = install(uninstall(acmeAccount(), t0), given, laterMs);
    expect(again).not.toHaveProperty('uninstalledAtMs');
    expect(isForgotten(again, laterMs + 60 * dayMs)).toBe(false);
  });

  it('tells Aircall’s id of the company, or leaves it as it was', () => {
    const told = install(acmeAccount(), { ...given, companyId: '90210' }, laterMs);
    expect(told.companyId).toBe('90210');
    expect(install(told, given, laterMs).companyId).toBe('90210');
    expect(install(acmeAccount(), given, laterMs)).not.toHaveProperty('companyId');
  });
});

it('an uninstallation wipes the credentials, and keeps what retried deliveries prove themselves with', () => {
  expect(uninstall(acmeAccount(), t0 + 5_000)).toEqual({
    accountId: 'acme',
    name: 'Acme Anvils',
    status: 'uninstalled',
    letInBy: 'api-key',
    webhookId: 'webhook-1',
    tokenHashes: ['hash-1'],
    installedAtMs: 1763851200000,
    changedAtMs: 1763851205000,
    uninstalledAtMs: 1763851205000,
    version: 2,
  });
});

it('an uninstallation of one that we switched off leaves it known as such', () => {
  const off = acmeAccount({ status: 'disabled', disabledAtMs: t0 });
  expect(uninstall(off, t0 + 5_000)).toMatchObject({
    status: 'uninstalled',
    disabledAtMs: 1763851200000,
    uninstalledAtMs: 1763851205000,
  });
});

describe('switched by us', () => {
  const off = acmeAccount({
    status: 'disabled',
    disabledAtMs: 1763851205000,
    changedAtMs: 1763851205000,
    version: 2,
  });

  it('one that is active becomes disabled, and says since when', () => {
    expect(switchTo(acmeAccount(), 'disabled', t0 + 5_000)).toEqual(succeed(off));
  });

  it('one that is disabled becomes active, and nothing is left of that', () => {
    expect(switchTo(off, 'active', t0 + 9_000)).toEqual(
      succeed(acmeAccount({ changedAtMs: 1763851209000, version: 3 })),
    );
  });

  it.each([
    ['active', 'active', 'unchanged'],
    ['disabled', 'disabled', 'unchanged'],
    ['uninstalled', 'active', 'uninstalled'],
    ['uninstalled', 'disabled', 'uninstalled'],
  ] as const)('one that is %s can not become %s: %s', (before, after, because) => {
    expect(switchTo(acmeAccount({ status: before }), after, t0)).toEqual(fail(because));
  });
});

describe('the deletion of all that a company has', () => {
  it('begins with an account without credentials, for which nothing is done', () => {
    const off = acmeAccount({ status: 'disabled', disabledAtMs: t0 });
    expect(beginPurge(off, t0 + 5_000)).toEqual({
      accountId: 'acme',
      name: 'Acme Anvils',
      status: 'uninstalled',
      letInBy: 'api-key',
      webhookId: 'webhook-1',
      tokenHashes: ['hash-1'],
      installedAtMs: 1763851200000,
      changedAtMs: 1763851205000,
      disabledAtMs: 1763851200000,
      uninstalledAtMs: 1763851205000,
      purgingAtMs: 1763851205000,
      version: 2,
    });
  });

  it('leaves it known since when the company was gone', () => {
    const gone = uninstall(acmeAccount(), t0);
    expect(beginPurge(gone, t0 + 30 * dayMs)).toMatchObject({
      uninstalledAtMs: 1763851200000,
      purgingAtMs: 1766443200000,
    });
  });

  it.each([
    ['at once', 0, true],
    ['a moment before a quarter of an hour', 900_000 - 1, true],
    ['after a quarter of an hour', 900_000, false],
  ])('is under way %s: %s', (_, afterMs, expected) => {
    expect(isBeingPurged(beginPurge(acmeAccount(), t0), t0 + afterMs)).toBe(expected);
  });

  it('is not under way where it was never begun', () => {
    expect(isBeingPurged(uninstall(acmeAccount(), t0), t0)).toBe(false);
  });
});

describe('what is left of a company', () => {
  const uninstalled = acmeAccount({ status: 'uninstalled', uninstalledAtMs: t0 });

  it.each([
    ['at once', 0, false],
    ['after 29 days and 23 hours', 29 * dayMs + 23 * hourMs, false],
    ['a moment before 30 days', 30 * dayMs - 1, false],
    ['after 30 days', 30 * dayMs, true],
  ])('that uninstalled us is forgotten %s: %s', (_, afterMs, expected) => {
    expect(isForgotten(uninstalled, t0 + afterMs)).toBe(expected);
  });

  it.each(['active', 'disabled'] as const)('is never forgotten while it is %s', (status) => {
    expect(isForgotten(acmeAccount({ status, uninstalledAtMs: t0 }), t0 + 365 * dayMs)).toBe(false);
  });

  it('is kept from its last change on where nobody knows since when it is uninstalled', () => {
    const unknown = acmeAccount({ status: 'uninstalled', changedAtMs: t0 });
    expect(isForgotten(unknown, t0 + 30 * dayMs - 1)).toBe(false);
    expect(isForgotten(unknown, t0 + 30 * dayMs)).toBe(true);
  });
});
