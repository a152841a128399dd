import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Account, newAccount } from '../../lib/core/account.ts';
import { eventsFor, routedEvents } from '../../lib/core/choose-webhook.ts';
import { fail } from '../../lib/core/result.ts';
import type { Webhook } from '../../lib/ports.ts';
import {
  createRenewWebhook,
  type RenewWebhookPorts,
  type WebhookWish,
} from '../../lib/use-cases/renew-webhook.ts';
import { accountId } from '../accounts.ts';
import { acmeAccount, createReadableAccounts } from '../acme.ts';
import { createClock, t0 } from '../builders.ts';
import { createFaults, type Fault, type Faults, faultsOf } from '../fakes/faults.ts';
import type { InMemoryAccounts } from '../fakes/in-memory-accounts.ts';
import { createWebhookRegister, type WebhookRegister } from '../fakes/webhook-register.ts';

const url = 'https://router.example.com/aircall/calls';
const settings = { name: 'call-router', oldTokenAcceptedForMs: 86_400_000 };
const acme = accountId('acme');
const deadlineMs = t0 + 25_000;

const webhookOf = (name: string, changes: Partial<Webhook> = {}): Webhook => ({
  webhookId: name,
  url,
  active: true,
  events: routedEvents,
  token: `token-of-${name}`,
  ...changes,
});
const elsewhere = webhookOf('elsewhere', { url: 'https://crm.example.com/hooks' });

let clock: ReturnType<typeof createClock>;
let store: InMemoryAccounts;
let register: WebhookRegister;

/** What is at Aircall, whose tokens are accepted, and which webhook the account says it has. */
type Situation = {
  readonly atAircall: readonly Webhook[];
  readonly accepted: readonly string[];
  readonly current?: string;
};

async function setUp({ atAircall, accepted, current }: Situation) {
  clock = createClock();
  register = createWebhookRegister(elsewhere, ...atAircall);
  store = createReadableAccounts(
    clock.now,
    ...(current === undefined
      ? []
      : [acmeAccount({ webhookId: current, tokenHashes: [`hash of token-of-${current}`] })]),
  );
  for (const name of accepted) await accept(name);
}

function accept(name: string, owner = acme) {
  return store.acceptToken(
    { accountId: owner, tokenHash: store.hashToken(`token-of-${name}`) },
    undefined,
    0,
  );
}

const aircallDown = fail({ reason: 'no-answer', message: 'no answer' } as const);
const storeDown = fail({ reason: 'store-unavailable', detail: 'TimeoutError' } as const);

function portsWith({ wrap }: Faults): RenewWebhookPorts {
  return {
    listWebhooks: wrap('list', register.listWebhooks, aircallDown),
    createWebhook: wrap('create', register.createWebhook, aircallDown),
    activateWebhook: wrap('activate', register.activateWebhook, aircallDown),
    deleteWebhook: wrap('delete', register.deleteWebhook, aircallDown),
    findTokenOwner: wrap('find owner', store.findTokenOwner, storeDown),
    hashToken: store.hashToken,
    acceptToken: wrap('accept', store.acceptToken, storeDown),
    saveAccount: wrap('save', store.saveAccount, storeDown),
    now: clock.now,
  };
}

/** The account as it is stored now, or a new one. */
const asStored = (): Account => store.accounts.get(acme) ?? newAccount(acme, 'Acme Anvils', t0);

function renew(wish: WebhookWish, faults = createFaults(undefined), given = asStored()) {
  return createRenewWebhook(portsWith(faults), settings)(given, url, wish, deadlineMs);
}

/** Whether a call that comes in this moment is announced to us, and taken. */
const isHeard = () =>
  register
    .at(url)
    .some(
      ({ active, events, token }) => active && events.includes('call.created') && store.isAccepted(token),
    );

const none: Situation = { atAircall: [], accepted: [] };
const one: Situation = { atAircall: [webhookOf('old')], accepted: ['old'], current: 'old' };

describe('a company without a webhook of ours', () => {
  beforeEach(() => setUp(none));

  it.each(['keep', 'replace'] as const)('gets one for exactly our events (%s)', async (wish) => {
    const renewed = await renew(wish);
    const webhook = {
      webhookId: 'made-1',
      name: 'call-router',
      url,
      active: true,
      events: routedEvents,
      token: 'token-of-made-1',
    };
    expect(renewed).toMatchObject({ value: { did: 'created', webhook, leftOver: [] } });
    expect(register.all()).toEqual([elsewhere, webhook]);
    expect(store.accounts.get(acme)).toEqual({
      accountId: 'acme',
      name: 'Acme Anvils',
      status: 'active',
      letInBy: 'api-key',
      webhookId: 'made-1',
      tokenHashes: ['hash of token-of-made-1'],
      installedAtMs: 1763851200000,
      changedAtMs: 1763851200000,
      version: 1,
    });
  });

  it('has its token accepted before the account says so, and is told of calls after that', async () => {
    const told: unknown[] = [];
    const faults = createFaults(undefined, (name) => told.push([name, register.at(url)[0]?.events]));
    await renew('replace', faults);
    expect(told).toEqual([
      ['list', undefined],
      ['find owner', undefined],
      ['create', ['number.deleted']],
      ['accept', ['number.deleted']],
      ['save', ['number.deleted']],
      ['activate', routedEvents],
    ]);
  });

  it('is told of its uninstallation, too, where it let us in over OAuth', async () => {
    const renewed = await renew('replace', undefined, { ...asStored(), letInBy: 'oauth' });
    const webhook = { webhookId: 'made-1', events: eventsFor('oauth') };
    expect(renewed).toMatchObject({ value: { webhook } });
    expect(register.at(url)).toMatchObject([webhook]);
  });

  it('is saved as it was given, with what else has changed of it', async () => {
    await renew('replace', undefined, acmeAccount({ sealedCredentials: 'sealed anew', version: 0 }));
    expect(store.accounts.get(acme)).toMatchObject({ sealedCredentials: 'sealed anew', version: 1 });
  });
});

describe('a webhook that is accepted', () => {
  beforeEach(() => setUp(one));

  it('stays, where it is to be kept', async () => {
    expect(await renew('keep')).toMatchObject({
      value: { did: 'kept', webhook: { webhookId: 'old' }, leftOver: [] },
    });
    expect(register.all()).toEqual([elsewhere, webhookOf('old')]);
    expect(store.untilMs('hash of token-of-old')).toBe(Number.POSITIVE_INFINITY);
    expect(store.accounts.get(acme)).toMatchObject({ webhookId: 'old', version: 2 });
  });

  it('is switched on for exactly our events, where it is to be kept', async () => {
    await setUp({ ...one, atAircall: [webhookOf('old', { active: false, events: ['call.created'] })] });
    await renew('keep');
    expect(register.at(url)).toEqual([webhookOf('old')]);
  });

  it('is kept before others that are accepted, if the account says that it is the one', async () => {
    const names = ['first', 'old', 'last'];
    await setUp({ ...one, atAircall: names.map((name) => webhookOf(name)), accepted: names });
    await renew('keep');
    expect(register.at(url)).toEqual([webhookOf('old')]);
  });

  it('is known by its URL, however that is written', async () => {
    const written = webhookOf('old', { url: 'https://ROUTER.example.com:443/aircall/calls' });
    await setUp({ ...one, atAircall: [written] });
    expect(await renew('keep')).toMatchObject({ value: { did: 'kept' } });
  });

  it('is found beside one whose URL is none', async () => {
    await setUp({ ...one, atAircall: [webhookOf('broken', { url: 'no url' }), webhookOf('old')] });
    expect(await renew('keep')).toMatchObject({ value: { did: 'kept', webhook: { webhookId: 'old' } } });
    expect(register.at('no url')).toHaveLength(1);
  });

  it('gives way to a new one, where it is to be replaced', async () => {
    const faults = createFaults(undefined);
    expect(await renew('replace', faults)).toMatchObject({
      value: { did: 'created', webhook: { webhookId: 'made-1' }, leftOver: [] },
    });
    expect(register.at(url).map(({ webhookId }) => webhookId)).toEqual(['made-1']);
    expect(store.accounts.get(acme)).toMatchObject({
      webhookId: 'made-1',
      tokenHashes: ['hash of token-of-made-1', 'hash of token-of-old'],
      version: 2,
    });
    expect(faults.calls).toEqual([
      'list',
      'find owner',
      'find owner',
      'create',
      'accept',
      'save',
      'activate',
      'delete',
      'accept',
    ]);
  });

  it('has its token accepted for a day after it was replaced', async () => {
    await renew('replace');
    clock.advance(86_399_999);
    expect(store.isAccepted('token-of-old')).toBe(true);
    clock.advance(1);
    expect([store.isAccepted('token-of-old'), store.isAccepted('token-of-made-1')]).toEqual([false, true]);
  });

  it.each(['keep', 'replace'] as const)('at another URL gives way to one at ours (%s)', async (wish) => {
    const moved = webhookOf('old', { url: 'https://before.example.com/aircall/calls' });
    await setUp({ ...one, atAircall: [moved] });
    expect(await renew(wish)).toMatchObject({
      value: { did: 'created', webhook: { webhookId: 'made-1', url }, leftOver: [] },
    });
    expect(register.all().map(({ webhookId }) => webhookId)).toEqual(['elsewhere', 'made-1']);
    expect(store.untilMs('hash of token-of-old')).toBe(1763937600000);
  });

  it('that can not be deleted is told of, with its token accepted as before', async () => {
    const deleteWebhook = async () => aircallDown;
    const ports = { ...portsWith(createFaults(undefined)), deleteWebhook };
    const renewed = await createRenewWebhook(ports, settings)(asStored(), url, 'replace', deadlineMs);
    expect(renewed).toMatchObject({ value: { did: 'created', leftOver: ['old'] } });
    expect(store.untilMs('hash of token-of-old')).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a webhook at our URL whose token nobody knows', () => {
  const unknown: Situation = { atAircall: [webhookOf('unknown')], accepted: [] };

  it.each(['keep', 'replace'] as const)('is taken up instead of a new one (%s)', async (wish) => {
    await setUp({ ...unknown, atAircall: [webhookOf('unknown', { active: false, events: [] })] });
    expect(await renew(wish)).toMatchObject({ value: { did: 'taken-up' } });
    expect(register.all()).toEqual([elsewhere, webhookOf('unknown')]);
    expect(store.accounts.get(acme)).toMatchObject({
      webhookId: 'unknown',
      tokenHashes: ['hash of token-of-unknown'],
    });
  });

  it('takes the place of an accepted one, where that is to be replaced', async () => {
    await setUp({ ...one, atAircall: [webhookOf('old'), webhookOf('unknown')] });
    expect(await renew('replace')).toMatchObject({
      value: { did: 'taken-up', webhook: { webhookId: 'unknown' } },
    });
    expect(register.at(url)).toEqual([webhookOf('unknown')]);
  });

  it('is deleted, where an accepted one is to be kept', async () => {
    await setUp({ ...one, atAircall: [webhookOf('unknown'), webhookOf('old')] });
    expect(await renew('keep')).toMatchObject({ value: { did: 'kept' } });
    expect(register.at(url)).toEqual([webhookOf('old')]);
    expect(store.untilMs('hash of token-of-unknown')).toBe(1763937600000);
  });
});

describe('a company that is served as another account', () => {
  it.each(['keep', 'replace'] as const)('is told by its token, and nothing is changed (%s)', async (wish) => {
    await setUp({ ...one, atAircall: [webhookOf('unknown'), webhookOf('old'), webhookOf('theirs')] });
    await accept('theirs', accountId('borg'));
    const faults = createFaults(undefined);
    const before = register.all();
    expect(await renew(wish, faults)).toEqual(fail({ reason: 'company-has-account', accountId: 'borg' }));
    expect(register.all()).toBe(before);
    expect(store.accounts.get(acme)).toMatchObject({ webhookId: 'old', version: 1 });
    expect(store.isAccepted('token-of-unknown')).toBe(false);
    expect(faults.calls).toEqual(['list', ...Array.from({ length: 4 }, () => 'find owner')]);
  });

  it('is told by that token at any URL', async () => {
    const theirs = webhookOf('theirs', { url: 'https://before.example.com/aircall/calls' });
    await setUp({ ...one, atAircall: [webhookOf('old'), theirs] });
    await accept('theirs', accountId('borg'));
    const before = register.all();
    expect(await renew('replace')).toEqual(fail({ reason: 'company-has-account', accountId: 'borg' }));
    expect(register.all()).toBe(before);
  });
});

describe('a step that fails', () => {
  beforeEach(() => setUp(one));

  it.each([
    [1, { reason: 'no-answer', message: 'no answer', while: 'listing' }],
    [2, { reason: 'store-unavailable', detail: 'TimeoutError' }],
    [3, { reason: 'store-unavailable', detail: 'TimeoutError' }],
    [4, { reason: 'no-answer', message: 'no answer', while: 'creating' }],
    [5, { reason: 'store-unavailable', detail: 'TimeoutError' }],
    [6, { reason: 'store-unavailable', detail: 'TimeoutError' }],
  ])('is told (%d), and the account stays with its webhook', async (call, failure) => {
    expect(await renew('replace', createFaults({ call, when: 'before' }))).toEqual(fail(failure));
    expect(store.accounts.get(acme)).toMatchObject({ webhookId: 'old', version: 1 });
    expect(register.at(url)).toContainEqual(webhookOf('old'));
  });

  it('is told of one that is to be kept, too', async () => {
    expect(await renew('keep', createFaults({ call: 6, when: 'before' }))).toEqual(
      fail({ reason: 'no-answer', message: 'no answer', while: 'activating' }),
    );
  });

  it('may be that a new one is told of nothing yet: the earlier one is heard until the next try', async () => {
    expect(await renew('replace', createFaults({ call: 7, when: 'before' }))).toEqual(
      fail({ reason: 'no-answer', message: 'no answer', while: 'activating' }),
    );
    expect(store.accounts.get(acme)).toMatchObject({ webhookId: 'made-1', version: 2 });
    expect(register.at(url)).toMatchObject([{ events: routedEvents }, { events: ['number.deleted'] }]);
    expect(isHeard()).toBe(true);
    expect(await renew('keep')).toMatchObject({ value: { webhook: { webhookId: 'made-1' } } });
    expectInOrder();
  });

  it('may be that someone else has changed the account: both webhooks are accepted then', async () => {
    const given = asStored();
    await store.saveAccount({ ...given, name: 'Acme & Sons', version: 2 }, 0);
    expect(await renew('replace', undefined, given)).toEqual(fail({ reason: 'changed-meanwhile' }));
    expect(store.accounts.get(acme)).toMatchObject({ name: 'Acme & Sons', webhookId: 'old' });
    expect(register.at(url).map(({ token }) => store.isAccepted(token))).toEqual([true, true]);
  });
});

const situations: Readonly<Record<string, Situation>> = {
  'no webhook': none,
  'one webhook': one,
  'one that is off': { ...one, atAircall: [webhookOf('old', { active: false })] },
  'one that nobody knows': { atAircall: [webhookOf('unknown')], accepted: [] },
  'one at another URL': {
    ...one,
    atAircall: [webhookOf('old', { url: 'https://before.example.com/aircall/calls' })],
  },
  'one of an account that was never saved': { atAircall: [webhookOf('lost')], accepted: ['lost'] },
  'one, and the one that replaces it, of a try that failed': {
    atAircall: [webhookOf('old'), webhookOf('new')],
    accepted: ['old', 'new'],
    current: 'old',
  },
  'one, one that is known, and one that nobody knows': {
    atAircall: [webhookOf('unknown'), webhookOf('known'), webhookOf('old')],
    accepted: ['known', 'old'],
    current: 'old',
  },
  'only one that nobody knows, where the account had another': {
    atAircall: [webhookOf('unknown')],
    accepted: ['old'],
    current: 'old',
  },
};
const everyWay = Object.entries(situations).flatMap(([name, situation]) =>
  (['keep', 'replace'] as const).map((wish) => [name, wish, situation] as const),
);

/** Exactly one webhook at our URL, on, whose token is accepted for good and is the account's current one. */
function expectInOrder() {
  const webhooks = register.at(url);
  expect(webhooks).toHaveLength(1);
  const [webhook] = webhooks;
  expect(webhook).toMatchObject({ active: true, events: routedEvents });
  const tokenHash = `hash of ${webhook?.token}`;
  expect(store.untilMs(tokenHash)).toBe(Number.POSITIVE_INFINITY);
  const { webhookId, tokenHashes } = asStored();
  expect({ webhookId, current: tokenHashes[0] }).toEqual({
    webhookId: webhook?.webhookId,
    current: tokenHash,
  });
  expect(register.all()).toContainEqual(elsewhere);
}

describe.each(everyWay)('with %s (%s)', (_, wish, situation) => {
  async function live(fault: Fault | undefined) {
    await setUp(situation);
    const wasHeard = isHeard();
    const silences: string[] = [];
    const faults = createFaults(fault, (name) => {
      if (wasHeard && !isHeard()) silences.push(`${faults.calls.length} ${name}`);
    });
    await renew(wish, faults);
    expect(silences).toEqual([]);
    return faults.calls.length;
  }

  it('it ends in one webhook that is accepted and current', async () => {
    await live(undefined);
    expectInOrder();
  });

  it('whatever step fails, before its work or after it, a second try ends so too, and no call goes unheard', async () => {
    const calls = await live(undefined);
    expect(calls).toBeGreaterThan(3);
    for (const fault of faultsOf(calls)) {
      await live(fault);
      clock.advance(60_000);
      expect(await renew(wish)).toMatchObject({ ok: true });
      expectInOrder();
    }
  });

  it('two steps that fail, one in each of two tries, are made good by a third one', async () => {
    const calls = await live(undefined);
    for (const first of faultsOf(calls)) {
      for (const second of faultsOf(calls)) {
        await live(first);
        await renew(wish, createFaults(second));
        expect(await renew('keep')).toMatchObject({ ok: true });
        expectInOrder();
      }
    }
  });
});

it('two at once: at each moment one webhook is heard, and the next try ends in exactly one', async () => {
  const wishes = fc.constantFrom<WebhookWish>('keep', 'replace');
  const outcomes = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.constantFrom(...Object.values(situations)),
      fc.tuple(wishes, wishes),
      async (scheduler, situation, both) => {
        await setUp(situation);
        let wasHeard = isHeard();
        const watched = createFaults(undefined, () => {
          expect(isHeard() || !wasHeard).toBe(true);
          wasHeard ||= isHeard();
        });
        const slow: Faults = {
          ...watched,
          wrap: (name, port, failure) =>
            scheduler.scheduleFunction(watched.wrap(name, port, failure)) as typeof port,
        };
        const find = scheduler.scheduleFunction(async () => asStored());
        const running = Promise.all(both.map(async (wish) => renew(wish, slow, await find())));
        await scheduler.waitFor(running);
        const ends = (await running).map((end) => (end.ok ? 'ok' : end.failure.reason));
        outcomes.add(ends.toSorted().join(' '));

        expect(isHeard()).toBe(true);
        expect(await renew('keep')).toMatchObject({ ok: true });
        expectInOrder();
      },
    ),
    { numRuns: 1000 },
  );
  expect([...outcomes].toSorted()).toContain('changed-meanwhile ok');
  expect(outcomes).toContain('ok ok');
});
