/**
 * Two companies whose agents, contacts and calls have the same names and numbers share one table, and one memory: whatever
 * is done for one, in whatever order, is to the other as if it had not been.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFindAccount, createSaveAccount } from '../../lib/adapters/dynamodb/accounts.ts';
import { createFindAgent, createListAgents, createSaveAgent } from '../../lib/adapters/dynamodb/agents.ts';
import { createAssignContact, createAssignUnassigned } from '../../lib/adapters/dynamodb/assignments.ts';
import { createFindBackfill, createSaveBackfill } from '../../lib/adapters/dynamodb/backfills.ts';
import {
  createFindCall,
  createFindDecidedCall,
  createListCalls,
} from '../../lib/adapters/dynamodb/call-history.ts';
import {
  createClaimHop,
  createNoteCallNews,
  createSettleHop,
} from '../../lib/adapters/dynamodb/call-hops.ts';
import { createClaimCall, createSettleCall } from '../../lib/adapters/dynamodb/call-records.ts';
import { createSaveWords } from '../../lib/adapters/dynamodb/contact-words.ts';
import {
  createDeleteContact,
  createFindContact,
  createListContacts,
  createSaveContacts,
} from '../../lib/adapters/dynamodb/contacts.ts';
import { createFindCaller, createSaveConversation } from '../../lib/adapters/dynamodb/last-agents.ts';
import {
  createFindPolicy,
  createListPolicies,
  createPutPolicy,
} from '../../lib/adapters/dynamodb/policies.ts';
import { createTrackPresence } from '../../lib/adapters/dynamodb/presences.ts';
import { createProbeTable } from '../../lib/adapters/dynamodb/probe-table.ts';
import { createPurgeAccount } from '../../lib/adapters/dynamodb/purge-account.ts';
import { createReleaseAgent, createReserveAgent } from '../../lib/adapters/dynamodb/reservations.ts';
import {
  createFindContactSync,
  createFindSyncedContact,
  createSaveContactSync,
  createSaveSyncedContact,
} from '../../lib/adapters/dynamodb/synced-contacts.ts';
import { createDocumentClient, type Store, type Table } from '../../lib/adapters/dynamodb/table.ts';
import { createFindWebhookSeen, createSaveWebhookSeen } from '../../lib/adapters/dynamodb/webhook-seen.ts';
import { limits } from '../../lib/config.ts';
import { defaultPolicy } from '../../lib/core/policy.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import { createCurrentPolicy } from '../../lib/use-cases/current-policy.ts';
import { createPerAccount } from '../../lib/use-cases/per-account.ts';
import { createRatePause } from '../../lib/use-cases/rate-pause.ts';
import { createResolveAgent } from '../../lib/use-cases/resolve-agent.ts';
import { type EmbeddedDynamodb, startEmbeddedDynamodb } from '../../local/embedded-dynamodb.ts';
import { accountId } from '../accounts.ts';
import { acmeAccount } from '../acme.ts';
import {
  callId,
  contact,
  contactId,
  createClock,
  email,
  hopRecord,
  owner,
  phone,
  routedRecord,
  t0,
  userId,
} from '../builders.ts';

/** Every adapter that is of one account. */
function openAdapters(table: Table) {
  return {
    findAgent: createFindAgent(table),
    listAgents: createListAgents(table),
    saveAgent: createSaveAgent(table),
    assignContact: createAssignContact(table),
    assignUnassigned: createAssignUnassigned(table),
    findBackfill: createFindBackfill(table),
    saveBackfill: createSaveBackfill(table),
    findCall: createFindCall(table),
    findDecidedCall: createFindDecidedCall(table),
    listCalls: createListCalls(table),
    claimHop: createClaimHop(table),
    noteCallNews: createNoteCallNews(table, limits),
    settleHop: createSettleHop(table),
    claimCall: createClaimCall(table, { claimLapsesAfterMs: 10_000, keptForDays: 90 }),
    settleCall: createSettleCall(table),
    saveWords: createSaveWords(table),
    deleteContact: createDeleteContact(table),
    findContact: createFindContact(table),
    listContacts: createListContacts(table),
    saveContacts: createSaveContacts(table),
    findCaller: createFindCaller(table),
    saveConversation: createSaveConversation(table),
    findPolicy: createFindPolicy(table),
    listPolicies: createListPolicies(table),
    putPolicy: createPutPolicy(table),
    trackPresence: createTrackPresence(table),
    probeTable: createProbeTable(table),
    releaseAgent: createReleaseAgent(table),
    reserveAgent: createReserveAgent(table),
    findContactSync: createFindContactSync(table),
    findSyncedContact: createFindSyncedContact(table),
    saveContactSync: createSaveContactSync(table),
    saveSyncedContact: createSaveSyncedContact(table),
    findWebhookSeen: createFindWebhookSeen(table),
    saveWebhookSeen: createSaveWebhookSeen(table),
  };
}

type Adapters = ReturnType<typeof openAdapters>;
type Step = {
  /** For whoever reads of a failure. */
  readonly given: unknown;
  readonly run: (adapters: Adapters, nowMs: number) => Promise<unknown>;
};

/** Few of each, so that both accounts have the same. */
const anyPhone = fc.constantFrom('+442079460123', '+12025550101').map(phone);
const anyEmail = fc.constantFrom('jane@example.com', 'max@example.com').map(email);
const anyCall = fc.constantFrom('812000001', '812000002').map(callId);
const anyUser = fc.constantFrom(456, 457).map(userId);
const anyContactId = fc.constantFrom('700001', '700002').map(contactId);
const anyOwner = fc.constantFrom('request-1', 'request-2').map(owner);
const anyName = fc.constantFrom('Zoë Martin', 'Sam Doe', 'Ada Byron');
const rules = {
  routeToAgentIn: ['available'],
  presenceTrustedForMs: 600_000,
  isUnknownAllowed: true,
  reserveForMs: 20_000,
} as const;

/** @param given what the call of the adapter needs @param run it, within 5 s */
function step<Given>(
  given: fc.Arbitrary<Given>,
  run: (adapters: Adapters, given: Given, deadlineMs: number, nowMs: number) => Promise<unknown>,
): fc.Arbitrary<Step> {
  return given.map((value) => ({
    given: value,
    run: (adapters, nowMs) => run(adapters, value, nowMs + 5_000, nowMs),
  }));
}
const nothing = fc.constant(undefined);

/** One for every adapter. */
const steps: Readonly<Record<keyof Adapters, fc.Arbitrary<Step>>> = {
  findAgent: step(anyEmail, (it, address, deadlineMs) => it.findAgent(address, deadlineMs)),
  listAgents: step(nothing, (it, _, deadlineMs) => it.listAgents(deadlineMs)),
  saveAgent: step(
    fc.record({ email: anyEmail, aircallUserId: anyUser, name: anyName }),
    (it, agent, deadlineMs, nowMs) => it.saveAgent({ ...agent, checkedAtMs: nowMs }, deadlineMs),
  ),
  assignContact: step(fc.tuple(anyPhone, anyEmail), (it, [number, assignedTo], deadlineMs) =>
    it.assignContact(number, { assignedTo }, deadlineMs),
  ),
  assignUnassigned: step(fc.tuple(anyPhone, anyEmail), (it, [number, assignedTo], deadlineMs) =>
    it.assignUnassigned(number, assignedTo, deadlineMs),
  ),
  findBackfill: step(nothing, (it, _, deadlineMs) => it.findBackfill(deadlineMs)),
  saveBackfill: step(fc.option(fc.nat(9), { nil: undefined }), (it, day, deadlineMs) =>
    it.saveBackfill(day === undefined ? undefined : { sinceMs: t0, reachedMs: t0 + day }, deadlineMs),
  ),
  findCall: step(anyCall, (it, id, deadlineMs) => it.findCall(id, deadlineMs)),
  findDecidedCall: step(anyCall, (it, id, deadlineMs) => it.findDecidedCall(id, deadlineMs)),
  listCalls: step(nothing, (it, _, deadlineMs) => it.listCalls({ sinceMs: t0, limit: 10 }, deadlineMs)),
  claimHop: step(fc.tuple(anyCall, anyOwner), (it, [id, who], deadlineMs) =>
    it.claimHop(id, 1, who, deadlineMs),
  ),
  noteCallNews: step(fc.tuple(anyCall, anyUser), (it, [id, by], deadlineMs) =>
    it.noteCallNews(id, { kind: 'refused', refusal: { because: 'agent-declined', by } }, deadlineMs),
  ),
  settleHop: step(fc.tuple(anyCall, anyOwner), (it, [id, who], deadlineMs) =>
    it.settleHop(id, hopRecord(), who, deadlineMs),
  ),
  claimCall: step(fc.tuple(anyCall, anyOwner), (it, [id, who], deadlineMs) =>
    it.claimCall(id, 'webhook', who, deadlineMs),
  ),
  settleCall: step(fc.tuple(anyCall, anyOwner), (it, [id, who], deadlineMs) =>
    it.settleCall(routedRecord({ callId: id }), who, deadlineMs),
  ),
  saveWords: step(fc.tuple(anyPhone, anyContactId, anyName), (it, [number, id, name], deadlineMs) =>
    it.saveWords(
      number,
      { contactId: id, version: 1, words: { contactId: id, atMs: t0, name, attributes: {} } },
      deadlineMs,
    ),
  ),
  deleteContact: step(anyPhone, (it, number, deadlineMs) => it.deleteContact(number, deadlineMs)),
  findContact: step(anyPhone, (it, number, deadlineMs) => it.findContact(number, deadlineMs)),
  listContacts: step(nothing, (it, _, deadlineMs) => it.listContacts(deadlineMs)),
  saveContacts: step(
    fc.record({ phone: anyPhone, name: anyName, assignedTo: anyEmail }),
    (it, changes, deadlineMs) => it.saveContacts([contact(changes)], deadlineMs),
  ),
  findCaller: step(anyPhone, (it, number, deadlineMs) => it.findCaller(number, deadlineMs)),
  saveConversation: step(
    fc.record({ phone: anyPhone, aircallUserId: anyUser }),
    (it, talk, deadlineMs, nowMs) =>
      it.saveConversation(
        { ...talk, direction: 'inbound', answeredAtMs: nowMs - 60_000, endedAtMs: nowMs },
        nowMs + 86_400_000,
        deadlineMs,
      ),
  ),
  findPolicy: step(nothing, (it, _, deadlineMs) => it.findPolicy(deadlineMs)),
  listPolicies: step(nothing, (it, _, deadlineMs) => it.listPolicies(deadlineMs)),
  putPolicy: step(fc.integer({ min: 1, max: 60 }), async (it, ringSeconds, deadlineMs) => {
    const found = await it.findPolicy(deadlineMs);
    const replaced = found.ok ? found.value : 'unreadable';
    return it.putPolicy({ ...defaultPolicy, ringSeconds }, replaced, deadlineMs);
  }),
  trackPresence: step(
    fc.tuple(fc.oneof(anyEmail, anyUser), fc.constantFrom('available', 'in_call', 'offline')),
    (it, [who, presence], deadlineMs, nowMs) =>
      it.trackPresence(who, { kind: 'checked', presence, atMs: nowMs }, deadlineMs),
  ),
  probeTable: step(nothing, (it, _, deadlineMs) => it.probeTable(deadlineMs)),
  releaseAgent: step(fc.tuple(fc.oneof(anyEmail, anyUser), anyCall), (it, [who, id], deadlineMs) =>
    it.releaseAgent(who, id, deadlineMs),
  ),
  reserveAgent: step(fc.tuple(anyEmail, anyCall), (it, [address, id], deadlineMs) =>
    it.reserveAgent(address, id, rules, deadlineMs),
  ),
  findContactSync: step(nothing, (it, _, deadlineMs) => it.findContactSync(deadlineMs)),
  findSyncedContact: step(anyContactId, (it, id, deadlineMs) => it.findSyncedContact(id, deadlineMs)),
  saveContactSync: step(fc.option(fc.nat(9), { nil: undefined }), (it, day, deadlineMs) =>
    it.saveContactSync(day === undefined ? undefined : { reachedMs: t0 + day }, deadlineMs),
  ),
  saveSyncedContact: step(
    fc.record({ id: anyContactId, number: anyPhone, version: fc.constantFrom(1, 2), name: anyName }),
    (it, { id, number, version, name }, deadlineMs) =>
      it.saveSyncedContact(
        {
          news: { kind: 'updated', contactId: id, atMs: t0, name, attributes: {}, phones: [number] },
          phones: [number],
          version,
          isPending: true,
        },
        deadlineMs,
      ),
  ),
  findWebhookSeen: step(nothing, (it, _, deadlineMs) => it.findWebhookSeen(deadlineMs)),
  saveWebhookSeen: step(fc.nat(9), (it, minute, deadlineMs) =>
    it.saveWebhookSeen({ announcedAtMs: t0 + minute }, deadlineMs),
  ),
};

/** What is done for one of the two, and how long after what was done before it. */
type Deed = Step & { readonly does: string; readonly who: 0 | 1; readonly afterMs: number };
const anyDeed: fc.Arbitrary<Deed> = fc
  .tuple(
    fc.oneof(...Object.entries(steps).map(([does, anyStep]) => anyStep.map((step) => ({ ...step, does })))),
    fc.constantFrom<0 | 1>(0, 1),
    fc.nat(4_000),
  )
  .map(([step, who, afterMs]) => ({ ...step, who, afterMs }));
const anyStory = fc.array(anyDeed, { minLength: 1, maxLength: 60, size: 'max' });

/** All that one can see of what is stored for it. */
const looks: readonly Step['run'][] = [
  (it, nowMs) => it.listAgents(nowMs + 5_000),
  (it, nowMs) => it.listContacts(nowMs + 5_000),
  (it, nowMs) => it.listCalls({ sinceMs: t0, limit: 100 }, nowMs + 5_000),
  (it, nowMs) => it.listPolicies(nowMs + 5_000),
  (it, nowMs) => it.findBackfill(nowMs + 5_000),
  (it, nowMs) => it.findContactSync(nowMs + 5_000),
  (it, nowMs) => it.findWebhookSeen(nowMs + 5_000),
  (it, nowMs) => it.findCaller(phone('+442079460123'), nowMs + 5_000),
  (it, nowMs) => it.findCaller(phone('+12025550101'), nowMs + 5_000),
  (it, nowMs) => it.findSyncedContact(contactId('700001'), nowMs + 5_000),
  (it, nowMs) => it.findSyncedContact(contactId('700002'), nowMs + 5_000),
];

let dynamodb: EmbeddedDynamodb;
let clock: ReturnType<typeof createClock>;
let store: Store;
/** What was sent to the table since this was emptied. */
let sent: unknown[] = [];

beforeAll(async () => {
  dynamodb = await startEmbeddedDynamodb();
  const client = createDocumentClient(
    { connectMs: 1000, requestMs: 5000, attempts: 2 },
    {
      endpoint: dynamodb.url,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    },
  );
  client.middlewareStack.add(
    (next) => async (given) => {
      sent.push(given.input);
      return next(given);
    },
    { step: 'initialize' },
  );
  store = { client, name: dynamodb.tableName, now: () => clock.now() };
});
afterAll(() => dynamodb.close());

let stories = 0;

/** One begins like the other: what is stored for the longer one must not be taken for the shorter one's. */
function nextAccounts(kind: string) {
  stories += 1;
  const name = `${kind}-${String(stories).padStart(4, '0')}`;
  return [accountId(name), accountId(`${name}-2`)] as const;
}

/** @returns every answer, for each of the two */
async function live(story: readonly Deed[], tables: readonly Table[], only?: 0 | 1) {
  clock = createClock();
  const adapters = tables.map(openAdapters);
  const answers: [unknown[], unknown[]] = [[], []];
  for (const { who, afterMs, does, run } of story) {
    clock.advance(afterMs);
    const of = adapters[who];
    if (of === undefined || (only !== undefined && who !== only)) continue;

    sent = [];
    answers[who].push([does, await run(of, clock.now())]);
    expectToName(tables[who]?.account ?? '', does);
  }
  return answers;
}

const lookAt = (table: Table) => Promise.all(looks.map((look) => look(openAdapters(table), clock.now())));

/** Every request names the account in each of its keys, and no other account anywhere. */
function expectToName(account: string, does: string): void {
  if (does === 'probeTable') return;
  expect(sent.length).toBeGreaterThan(0);
  for (const request of sent) {
    const texts = textsIn(request);
    const named = texts.flatMap(({ text }) => /^ACCOUNT#([^#]*)/.exec(text)?.[1] ?? []);
    expect([does, new Set(named)]).toEqual([does, new Set([account])]);
    const keys = texts.filter(({ name }) => /^:?\w*pk$/i.test(name)).map(({ text }) => text);
    expect([does, keys.filter((key) => !key.startsWith(`ACCOUNT#${account}`))]).toEqual([does, []]);
  }
}

/** Each text in a request, with the name of what it is in. */
function textsIn(value: unknown, name = ''): readonly { readonly name: string; readonly text: string }[] {
  if (typeof value === 'string') return [{ name, text: value }];
  if (typeof value !== 'object' || value === null) return [];

  return Object.entries(value).flatMap(([key, inner]) =>
    textsIn(inner, ['S', 'L', 'M'].includes(key) || Array.isArray(value) ? name : key),
  );
}

describe('two accounts with the same phones, e-mails, users, contacts and calls', () => {
  it('never name each other in a key, and each is answered as if it were alone', async () => {
    await fc.assert(
      fc.asyncProperty(anyStory, async (story) => {
        const tables = nextAccounts('both').map((account) => ({ ...store, account }));
        const together = await live(story, tables);
        const seen = await Promise.all(tables.map(lookAt));

        for (const who of [0, 1] as const) {
          const [account] = nextAccounts('alone');
          const alone = { ...store, account };
          expect(together[who]).toEqual((await live(story, [alone, alone], who))[who]);
          expect(seen[who]).toEqual(await lookAt(alone));
        }
      }),
      { numRuns: 10 },
    );
  });

  it('lose nothing when the other one is deleted, with all it has', async () => {
    await fc.assert(
      fc.asyncProperty(anyStory, fc.constantFrom(0, 1), async (story, gone) => {
        const ids = nextAccounts('kept');
        const tables = ids.map((account) => ({ ...store, account }));
        await live(story, tables);
        const before = await Promise.all(tables.map(lookAt));

        const left = acmeAccount({ accountId: ids[gone], tokenHashes: [] });
        expect(await createPurgeAccount(store)(left, clock.now() + 60_000)).toMatchObject({ ok: true });

        const [nothingStored] = nextAccounts('empty');
        const after = await Promise.all(tables.map(lookAt));
        expect(after[gone]).toEqual(await lookAt({ ...store, account: nothingStored }));
        expect(after[1 - gone]).toEqual(before[1 - gone]);
      }),
      { numRuns: 5 },
    );
  });

  it('are driven through every adapter there is of one account', () => {
    const folder = join(import.meta.dirname, '../../lib/adapters/dynamodb');
    const source = globSync('*.ts', { cwd: folder }).map((file) => readFileSync(join(folder, file), 'utf8'));
    const created = source.flatMap((text) =>
      [...text.matchAll(/export function create(\w+)\(\s*table: Table/g)].map(([, name = '']) => name),
    );
    const driven = Object.keys(openAdapters({ ...store, account: accountId('any') }));
    expect(driven.map((name) => name.charAt(0).toUpperCase() + name.slice(1)).toSorted()).toEqual(
      created.toSorted(),
    );
  });

  it('would be told apart by the test, if they were not by the keys', () => {
    sent = [{ Key: { pk: 'ACCOUNT#acme-2#PHONE#+442079460123', sk: 'CONTACT' } }];
    expect(() => expectToName('acme', 'findContact')).toThrow();
    sent = [{ Key: { pk: { S: 'PHONE#+442079460123' }, sk: { S: 'CONTACT' } } }];
    expect(() => expectToName('acme', 'findContact')).toThrow();
    sent = [
      { RequestItems: { table: { Keys: [{ pk: 'ACCOUNT#acme#PHONE#1' }, { pk: 'ACCOUNT#borg#PHONE#1' }] } } },
    ];
    expect(() => expectToName('acme', 'findContact')).toThrow();
  });
});

it('a company that comes back while what is left of it is deleted stays installed', async () => {
  const [id] = nextAccounts('back');
  clock = createClock();
  const deadlineMs = t0 + 60_000;
  const saveAccount = createSaveAccount(store);
  const left = acmeAccount({ accountId: id, status: 'uninstalled', tokenHashes: [`hash of ${id}`] });
  const back = { ...left, status: 'active', version: 2 } as const;
  await saveAccount(left, deadlineMs);
  await saveAccount(back, deadlineMs);

  expect(await createPurgeAccount(store)(left, deadlineMs)).toMatchObject({
    failure: { reason: 'store-unavailable', detail: 'ConditionalCheckFailedException' },
  });
  expect(await createFindAccount(store)(id, deadlineMs)).toEqual(succeed(back));
  expect(await createPurgeAccount(store)(back, deadlineMs)).toEqual(succeed(1));
  expect(await createFindAccount(store)(id, deadlineMs)).toEqual(succeed(undefined));
  expect(await createPurgeAccount(store)(back, deadlineMs)).toMatchObject({ ok: true });
});

describe('what is in memory of two accounts', () => {
  const acme = acmeAccount();
  const borg = acmeAccount({ accountId: accountId('borg') });
  const jane = email('jane@example.com');

  /** Two routers as they are composed: each part made once for each account. */
  function openRouters() {
    const clock = createClock();
    const asked: string[] = [];
    let isStoreAway = false;
    const storeDown = fail({ reason: 'store-unavailable', detail: 'TimeoutError' } as const);
    const partsOf = createPerAccount(({ accountId }) => {
      const { now } = clock;
      const warn = () => {};
      return {
        ratePause: createRatePause(now, limits.askingPausedForMs),
        currentPolicy: createCurrentPolicy(
          {
            findPolicy: async () => {
              asked.push(`policy of ${accountId}`);
              const policy = { ...defaultPolicy, enabled: accountId === 'acme' };
              return isStoreAway ? storeDown : succeed({ version: 1, storedAtMs: t0, policy });
            },
            warn,
            now,
          },
          { rememberedForMs: limits.policyRememberedForMs },
        ),
        resolveAgent: createResolveAgent(
          {
            findAgent: async (email) => {
              asked.push(`agent of ${accountId}`);
              const aircallUserId = userId(accountId === 'acme' ? 456 : 457);
              return isStoreAway ? storeDown : succeed({ email, aircallUserId, checkedAtMs: t0 });
            },
            saveAgent: async () => succeed(undefined),
            fetchUser: async () => fail({ reason: 'no-answer', message: 'not asked' } as const),
            warn,
            now,
          },
          { knownForMs: limits.agentKnownForMs, unknownForMs: limits.agentUnknownForMs },
        ),
      };
    }, limits.mostAccountsKept);
    return {
      partsOf,
      asked,
      loseStore: () => {
        isStoreAway = true;
      },
    };
  }

  it('is a policy of each: what one has switched off is on for the other', async () => {
    const { partsOf, asked } = openRouters();
    const enabled: unknown[] = [];
    for (const one of [acme, borg, acme, borg]) {
      const found = await partsOf(one).currentPolicy(t0 + 4_000);
      enabled.push(found.ok && found.value.policy.enabled);
    }
    expect(enabled).toEqual([true, false, true, false]);
    expect(asked).toEqual(['policy of acme', 'policy of borg']);
  });

  it('is an agent of each: the same e-mail is another login', async () => {
    const { partsOf, asked } = openRouters();
    const users: unknown[] = [];
    for (const one of [acme, borg, acme, borg]) {
      const found = await partsOf(one).resolveAgent(jane, t0 + 4_000);
      users.push(found.ok && found.value.aircallUserId);
    }
    expect(users).toEqual([456, 457, 456, 457]);
    expect(asked).toEqual(['agent of acme', 'agent of borg']);
  });

  it('stands in for nothing of the other while the store is away', async () => {
    const { partsOf, loseStore } = openRouters();
    await partsOf(acme).currentPolicy(t0 + 4_000);
    await partsOf(acme).resolveAgent(jane, t0 + 4_000);
    loseStore();
    expect(await partsOf(acme).currentPolicy(t0 + 4_000)).toMatchObject({ ok: true });
    expect(await partsOf(borg).currentPolicy(t0 + 4_000)).toMatchObject({ ok: false });
    expect(await partsOf(borg).resolveAgent(jane, t0 + 4_000)).toMatchObject({ ok: false });
  });

  it('is a pause of each: what one has used up is not the other’s', () => {
    const { partsOf } = openRouters();
    partsOf(acme).ratePause.begin();
    expect([acme, borg].map((one) => partsOf(one).ratePause.isOn())).toEqual([true, false]);
  });
});
