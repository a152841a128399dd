import { describe, expect, it } from 'vitest';
import { type Account, type AircallCredentials, beginPurge, uninstall } from '../../lib/core/account.ts';
import { eventsFor, routedEvents } from '../../lib/core/choose-webhook.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import { accountId } from '../accounts.ts';
import { acmeAccount } from '../acme.ts';
import { t0 } from '../builders.ts';
import { createFaults, type Fault, faultsOf } from '../fakes/faults.ts';
import {
  aircallDown,
  companyAccountId,
  createInstallWorld,
  type InstallWorld,
  oldWebhook,
  sealDown,
  storeDown,
  webhookUrl,
} from './install-world.ts';

const credentials: AircallCredentials = { kind: 'oauth', accessToken: 'access-token-1' };
const newer: AircallCredentials = { kind: 'oauth', accessToken: 'access-token-2' };
const installed = acmeAccount({
  accountId: companyAccountId,
  name: 'Acme',
  companyId: '90210',
  letInBy: 'oauth',
  webhookId: 'old',
  tokenHashes: ['hash of token-of-old'],
});

describe('a company that installs us', () => {
  it('has an account with sealed credentials, a webhook, its integration enabled, and a first refresh', async () => {
    const world = await createInstallWorld();
    const faults = createFaults(undefined);
    const saved: Account = {
      accountId: companyAccountId,
      name: 'Acme Anvils',
      companyId: '90210',
      status: 'active',
      letInBy: 'oauth',
      sealedCredentials: 'seal 1',
      webhookId: 'made-1',
      tokenHashes: ['hash of token-of-made-1'],
      installedAtMs: 1763851200000,
      changedAtMs: 1763851200000,
      version: 1,
    };
    expect(await world.install(credentials, faults)).toEqual(
      succeed({ account: saved, isNew: true, leftOver: [] }),
    );
    expect(world.store.accounts.get(companyAccountId)).toEqual(saved);
    expect(await world.openCredentials(companyAccountId, 'seal 1', 0)).toEqual(succeed(credentials));
    expect(world.register.at(webhookUrl)).toMatchObject([{ active: true, events: eventsFor('oauth') }]);
    expect([world.enabled, world.refreshed, world.warnings]).toEqual([[true], ['90210'], []]);
    expect(faults.calls).toEqual([
      'company',
      'find account',
      'seal',
      'list',
      'create',
      'accept',
      'save',
      'activate',
      'enable',
      'refresh',
    ]);
  });

  it('is the account that it is told to be', async () => {
    const world = await createInstallWorld();
    const done = await world.install(credentials, undefined, () => accountId('acme'));
    expect(done).toMatchObject({ value: { account: { accountId: 'acme', companyId: '90210' } } });
    expect(await world.openCredentials(accountId('acme'), 'seal 1', 0)).toEqual(succeed(credentials));
  });

  it('may not tell its id: that of its account is given with an API key', async () => {
    const world = await createInstallWorld(undefined, { name: 'Acme Anvils' });
    await world.install(
      { kind: 'api-key', apiId: 'id', apiToken: 'token' },
      undefined,
      () => companyAccountId,
    );
    const stored = world.store.accounts.get(companyAccountId);
    expect(stored).toMatchObject({ name: 'Acme Anvils', letInBy: 'api-key' });
    expect(world.register.at(webhookUrl)).toMatchObject([{ active: true, events: routedEvents }]);
    expect(stored).not.toHaveProperty('companyId');
  });

  it('is installed although its first refresh does not start: the schedules make up for it', async () => {
    const world = await createInstallWorld();
    expect(await world.install(credentials, createFaults({ call: 10, when: 'before' }))).toMatchObject({
      value: { isNew: true },
    });
    expect(world.refreshed).toEqual([]);
    expect(world.warnings).toEqual([
      ['first-refresh-failed', { accountId: '90210', detail: 'TimeoutError' }],
    ]);
  });
});

describe('a company that installs us again', () => {
  it('is brought up to date, and its webhook gets a new token', async () => {
    const world = await createInstallWorld(installed);
    world.clock.advance(60_000);
    expect(await world.install(newer)).toMatchObject({ value: { isNew: false, leftOver: [] } });
    expect(world.store.accounts.get(companyAccountId)).toEqual({
      accountId: '90210',
      name: 'Acme Anvils',
      companyId: '90210',
      status: 'active',
      letInBy: 'oauth',
      sealedCredentials: 'seal 1',
      webhookId: 'made-1',
      tokenHashes: ['hash of token-of-made-1', 'hash of token-of-old'],
      installedAtMs: 1763851260000,
      changedAtMs: 1763851260000,
      version: 2,
    });
    expect(await world.openCredentials(companyAccountId, 'seal 1', 0)).toEqual(succeed(newer));
    expect(world.register.at(webhookUrl).map(({ webhookId }) => webhookId)).toEqual(['made-1']);
  });

  it('stays switched off if we have switched it off', async () => {
    const world = await createInstallWorld({ ...installed, status: 'disabled', disabledAtMs: t0 });
    await world.install(newer);
    expect(world.store.accounts.get(companyAccountId)).toMatchObject({
      status: 'disabled',
      sealedCredentials: 'seal 1',
    });
  });

  it('is active again after it had uninstalled us', async () => {
    const world = await createInstallWorld(uninstall(installed, t0));
    expect(await world.install(newer)).toMatchObject({ value: { isNew: false } });
    const after = world.store.accounts.get(companyAccountId);
    expect(after).toMatchObject({ status: 'active', sealedCredentials: 'seal 1', version: 3 });
    expect(after).not.toHaveProperty('uninstalledAtMs');
  });

  it('stays switched off also where it had uninstalled us in between', async () => {
    const off = { ...installed, status: 'disabled', disabledAtMs: t0 } as const;
    const world = await createInstallWorld(uninstall(off, t0));
    await world.install(newer);
    expect(world.store.accounts.get(companyAccountId)).toMatchObject({
      status: 'disabled',
      disabledAtMs: 1763851200000,
      sealedCredentials: 'seal 1',
    });
  });

  it('is told of webhooks that could not be deleted', async () => {
    const world = await createInstallWorld(installed);
    const faults = createFaults(undefined);
    await world.install(credentials, faults);
    const another = await createInstallWorld(installed);
    const call = faults.calls.indexOf('delete') + 1;
    expect(await another.install(credentials, createFaults({ call, when: 'before' }))).toMatchObject({
      value: { leftOver: ['old'] },
    });
  });
});

it('a company that is served as another account stays that, and no credentials are stored', async () => {
  const world = await createInstallWorld({ ...installed, accountId: accountId('acme') });
  expect(await world.install(credentials)).toEqual(
    fail({ step: 'webhook', failure: { reason: 'company-has-account', accountId: 'acme' } }),
  );
  expect([...world.store.accounts.keys()]).toEqual(['acme']);
  expect(world.register.all()).toEqual([oldWebhook]);
  expect([world.enabled, world.refreshed]).toEqual([[], []]);
});

describe('a company whose earlier account is being deleted', () => {
  const going = beginPurge(installed, t0);

  it('is not installed for a quarter of an hour: what it got would be deleted, too', async () => {
    const world = await createInstallWorld(going);
    world.clock.advance(899_999);
    const faults = createFaults(undefined);
    expect(await world.install(credentials, faults)).toEqual(
      fail({ step: 'account', failure: { reason: 'being-deleted' } }),
    );
    expect(world.store.accounts.get(companyAccountId)).toEqual(going);
    expect(faults.calls).toEqual(['company', 'find account']);
  });

  it('is installed after that, whether or not the deletion came to its end', async () => {
    const world = await createInstallWorld(going);
    world.clock.advance(900_000);
    expect(await world.install(credentials)).toMatchObject({ ok: true });
    const stored = world.store.accounts.get(companyAccountId);
    expect(stored).toMatchObject({ status: 'active', sealedCredentials: 'seal 1' });
    expect(stored).not.toHaveProperty('purgingAtMs');
  });
});

describe('a company that tells its id', () => {
  const { companyId: _, ...withoutId } = installed;

  it.each<[string, Account]>([
    ['another company’s', { ...installed, companyId: '90211' }],
    ['that of a company whose id nobody knows', withoutId],
    ['another company’s of the same name', { ...installed, name: 'Acme Anvils', companyId: '90211' }],
  ])('does not take over an account that is %s', async (_, before) => {
    const world = await createInstallWorld(before);
    expect(await world.install(credentials)).toEqual(
      fail({
        step: 'account',
        failure: { reason: 'other-company', company: 'Acme Anvils', accountOf: before.name },
      }),
    );
    expect(world.store.accounts.get(companyAccountId)).toEqual(before);
    expect(world.register.all()).toEqual([oldWebhook]);
  });
});

describe('an account that a person chose for an API key', () => {
  const apiKey: AircallCredentials = { kind: 'api-key', apiId: 'id', apiToken: 'token' };
  const chosen = () => companyAccountId;
  const withoutId = { name: 'Acme Anvils' };
  const other = webhookOf('webhook-9');

  it('is refused where it is another company’s: another name, and none of its webhooks', async () => {
    const world = await createInstallWorld(installed, withoutId);
    const listWebhooks = async () => succeed({ webhooks: [other], unreadable: 0 });
    const faults = createFaults(undefined);
    expect(await world.install(apiKey, faults, chosen, { listWebhooks })).toEqual(
      fail({
        step: 'account',
        failure: { reason: 'other-company', company: 'Acme Anvils', accountOf: 'Acme' },
      }),
    );
    expect(world.store.accounts.get(companyAccountId)).toEqual(installed);
    expect(world.register.all()).toEqual([oldWebhook]);
    expect(faults.calls).toEqual(['company', 'find account']);
  });

  it('is that of a company with another name which has its webhook', async () => {
    const world = await createInstallWorld(installed, withoutId);
    const listWebhooks = async () => succeed({ webhooks: [other, oldWebhook], unreadable: 0 });
    expect(await world.install(apiKey, undefined, chosen, { listWebhooks })).toMatchObject({
      value: { account: { name: 'Acme Anvils', version: 2 } },
    });
  });

  it.each([
    ['the name is the same', { ...installed, name: 'Acme Anvils' }],
    ['it is new', undefined],
  ])('is not looked for at Aircall where %s', async (_, before) => {
    const world = await createInstallWorld(before, withoutId);
    const listWebhooks = async () => {
      throw new Error('listed');
    };
    expect(await world.install(apiKey, undefined, chosen, { listWebhooks })).toMatchObject({ ok: true });
  });

  it('is left as it is where Aircall does not tell', async () => {
    const world = await createInstallWorld(installed, withoutId);
    expect(await world.install(apiKey, undefined, chosen, { listWebhooks: async () => aircallDown })).toEqual(
      fail({ step: 'account', failure: aircallDown.failure }),
    );
    expect(world.store.accounts.get(companyAccountId)).toEqual(installed);
  });

  function webhookOf(webhookId: string) {
    return { ...oldWebhook, webhookId };
  }
});

it.each([
  [1, 'company', aircallDown.failure],
  [2, 'account', storeDown.failure],
  [3, 'sealing', sealDown.failure],
  [4, 'webhook', { ...aircallDown.failure, while: 'listing' }],
  [5, 'webhook', { ...aircallDown.failure, while: 'creating' }],
  [6, 'webhook', storeDown.failure],
  [7, 'webhook', storeDown.failure],
  [8, 'webhook', { ...aircallDown.failure, while: 'activating' }],
  [9, 'enabling', aircallDown.failure],
])('the step that failed is told: call %d, %s', async (call, step, failure) => {
  const world = await createInstallWorld();
  expect(await world.install(credentials, createFaults({ call, when: 'before' }))).toEqual(
    fail({ step, failure }),
  );
  expect(world.refreshed).toEqual([]);
});

const befores: readonly (readonly [string, Account | undefined])[] = [
  ['new', undefined],
  ['installed', installed],
  ['switched off by us', { ...installed, status: 'disabled', disabledAtMs: t0 }],
  ['gone', uninstall(installed, t0)],
];

describe.each(befores)('whatever step fails for a company that is %s', (_, before) => {
  async function live(fault: Fault | undefined) {
    const world = await createInstallWorld(before);
    const wasHeard = world.isHeard();
    const silences: string[] = [];
    const faults = createFaults(fault, (name) => {
      if (wasHeard && !world.isHeard()) silences.push(name);
    });
    await world.install(credentials, faults);
    expect(silences).toEqual([]);
    return { world, calls: faults.calls.length };
  }

  /** One webhook, accepted and current, and credentials that open: all that a call needs. */
  async function expectComplete(world: InstallWorld, given: AircallCredentials) {
    const stored = world.store.accounts.get(companyAccountId);
    expect(stored).toMatchObject({ status: before?.status === 'disabled' ? 'disabled' : 'active' });
    const opened = await world.openCredentials(companyAccountId, stored?.sealedCredentials ?? '', 0);
    expect(opened).toEqual(succeed(given));

    const webhooks = world.register.at(webhookUrl);
    expect(webhooks.map(({ active }) => active)).toEqual([true]);
    expect(webhooks.map(({ webhookId }) => webhookId)).toEqual([stored?.webhookId]);
    expect(webhooks.map(({ token }) => `hash of ${token}`)).toEqual([stored?.tokenHashes[0]]);
    expect(webhooks.map(({ token }) => world.store.isAccepted(token))).toEqual([true]);
    expect(world.enabled.length).toBeGreaterThan(0);
    expect(world.refreshed).toContain('90210');
  }

  it('it leaves nothing that is half done: all as it was, or an account that works', async () => {
    const { calls } = await live(undefined);
    for (const fault of faultsOf(calls)) {
      const { world } = await live(fault);
      const stored = world.store.accounts.get(companyAccountId);
      if (stored?.version === before?.version) {
        expect(stored).toEqual(before);
      } else {
        const opened = await world.openCredentials(companyAccountId, stored?.sealedCredentials ?? '', 0);
        expect(opened).toEqual(succeed(credentials));
        const current = world.register
          .at(webhookUrl)
          .find(({ webhookId }) => webhookId === stored?.webhookId);
        expect(current && world.store.isAccepted(current.token)).toBe(true);
      }
      expect(new Set(world.store.accounts.keys())).toEqual(new Set(stored === undefined ? [] : ['90210']));
    }
  });

  it('before its work or after it, a second try completes it', async () => {
    const { world: whole, calls } = await live(undefined);
    await expectComplete(whole, credentials);
    for (const fault of faultsOf(calls)) {
      const { world } = await live(fault);
      world.clock.advance(60_000);
      expect(await world.install(newer)).toMatchObject({ ok: true });
      await expectComplete(world, newer);
    }
  });

  it('also where the second try fails at another step: a third one completes it', async () => {
    const { calls } = await live(undefined);
    for (const first of faultsOf(calls)) {
      for (const second of faultsOf(calls)) {
        const { world } = await live(first);
        await world.install(credentials, createFaults(second));
        await world.install(newer);
        await expectComplete(world, newer);
      }
    }
  });
});
