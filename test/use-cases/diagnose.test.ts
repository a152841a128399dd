import { describe, expect, it } from 'vitest';
import { type AccountStatus, newAccount } from '../../lib/core/account.ts';
import { eventsFor, routedEvents } from '../../lib/core/choose-webhook.ts';
import type { AccountId, AircallFailure } from '../../lib/core/model.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import type { Webhook } from '../../lib/ports.ts';
import { createDiagnose, type DiagnosePorts, type Part } from '../../lib/use-cases/diagnose.ts';
import { callId, email, t0, userId } from '../builders.ts';

type Aircall = Extract<DiagnosePorts['aircall'], { ok: true }>['value'];
type Store = Extract<DiagnosePorts['store'], { ok: true }>['value'];

const url = 'https://router.example.com/aircall/calls';
const ours: Webhook = { webhookId: '1', url, active: true, events: routedEvents, token: 'known-token' };
const jane = { email: email('jane@example.com'), aircallUserId: userId(456) };

const healthyAircall: Aircall = {
  pingAircall: async () => succeed(undefined),
  compareClocks: async () => succeed({ aheadMs: 0 }),
  listWebhooks: async () => succeed({ webhooks: [ours], unreadable: 0 }),
  listUsers: async () => ({ users: [jane], unreadable: 0 }),
};
const healthyStore: Store = {
  probeTable: async () => succeed('ready'),
  findAccount: async () => succeed(undefined),
  listAgents: async () => succeed({ agents: [{ ...jane, checkedAtMs: t0 }], unreadable: 0 }),
  findWebhookSeen: async () => succeed({ announcedAtMs: t0 - 900_000 }),
  listCalls: async () => succeed({ calls: [], unreadable: 0 }),
};

async function find(
  part: Part,
  aircall: Partial<Aircall>,
  store: Partial<Store> = {},
  findTraits: DiagnosePorts['findTraits'] = async (webhooks) =>
    succeed({
      name: 'call-router',
      tokens: webhooks.map(({ token }) => token).filter((token) => token === 'known-token'),
      events: routedEvents,
    }),
) {
  const diagnose = createDiagnose(
    {
      aircall: succeed({ ...healthyAircall, ...aircall }),
      store: succeed({ ...healthyStore, ...store }),
      findTraits,
      now: () => t0,
    },
    'call-router',
  );
  const finding = (await diagnose(undefined, t0)).find((found) => found.part === part);
  return `${finding?.verdict}: ${finding?.text}${(finding?.remedies ?? []).map((remedy) => ` → ${remedy}`).join('')}`;
}

describe('the credentials', () => {
  const failing = (reason: AircallFailure['reason']) => async () => fail({ reason, message: 'GET /v1/ping' });
  const compare = 'compare AIRCALL_API_ID and AIRCALL_API_TOKEN with the API key in Aircall';

  it.each<[AircallFailure['reason'], string]>([
    ['unauthorized', `fault: Aircall found no credentials in our request (GET /v1/ping) → ${compare}`],
    ['forbidden', `fault: Aircall did not accept our credentials (GET /v1/ping) → ${compare}`],
    [
      'unavailable',
      'fault: Aircall could not be reached: nothing was sent (GET /v1/ping) → check the network, a proxy on the way, and AIRCALL_API_URL',
    ],
    [
      'no-credentials',
      'fault: the credentials for Aircall could not be opened: nothing was sent (GET /v1/ping) → see that the sealing key is the one of this stage, and that you may use it; a company that has uninstalled the router has to install it again',
    ],
    [
      'lost-answer',
      'fault: the answer was lost (GET /v1/ping) → check the network, a proxy on the way, and AIRCALL_API_URL',
    ],
    [
      'rate-limited',
      'fault: the company has used up its requests to Aircall for this minute (GET /v1/ping) → try again in a minute',
    ],
  ])('%s', async (reason, finding) => {
    expect(await find('credentials', { pingAircall: failing(reason) })).toBe(finding);
    expect(await find('webhook', { pingAircall: failing(reason) })).toBe(
      'not-checked: Aircall does not let us in',
    );
  });
});

it.each([
  [10_000, "ok: within 10 s of Aircall's"],
  [-10_000, "ok: within 10 s of Aircall's"],
  [
    42_000,
    "fault: this machine's clock is 42 s ahead of Aircall's → set it right: a router with such a clock takes new calls for old ones, or old for new",
  ],
  [
    -10_600,
    "fault: this machine's clock is 11 s behind Aircall's → set it right: a router with such a clock takes new calls for old ones, or old for new",
  ],
])('a clock %d ms ahead', async (aheadMs, finding) => {
  expect(await find('clock', { compareClocks: async () => succeed({ aheadMs }) })).toBe(finding);
});

it.each([
  ['no answer', fail({ reason: 'no-answer', message: 'GET /v1/ping' } as const)],
  ['no time in it', succeed(undefined)],
])('a clock that can not be compared: %s', async (_, compared) => {
  expect(await find('clock', { compareClocks: async () => compared })).toBe(
    'not-checked: Aircall did not tell the time',
  );
});

describe('the webhook', () => {
  const list = (...webhooks: Webhook[]) => ({
    listWebhooks: async () => succeed({ webhooks, unreadable: 0 }),
  });
  const register = `npx call-router webhook register --url ${url}`;

  it.each<[string, Webhook[], string]>([
    ['in order', [ours], `ok: ${url}: active, our events, token accepted`],
    [
      'missing',
      [],
      'fault: none of ours is registered → npx call-router webhook register --url https://…/aircall/calls',
    ],
    ['inactive', [{ ...ours, active: false }], `fault: ${url} is switched off → ${register}`],
    [
      'with every event',
      [{ ...ours, events: ['call.created', 'call.archived'] }],
      `fault: ${url} is subscribed to other events than ours → ${register}`,
    ],
    [
      'with an unknown token',
      [{ ...ours, token: 'other' }],
      `fault: the router does not accept the token of ${url} → ${register}`,
    ],
    [
      'with all of these faults, and each remedy once',
      [{ ...ours, active: false, events: [], token: 'other' }],
      `fault: ${url} is switched off; ${url} is subscribed to other events than ours; the router does not accept the token of ${url} → ${register}`,
    ],
    [
      'beside another one whose deliveries are refused',
      [{ ...ours, webhookId: '2', token: 'other' }, ours],
      `fault: ${url} has 2 webhooks: each call is announced more than once → ${register}`,
    ],
    [
      'beside another one that is switched off',
      [ours, { ...ours, webhookId: '2', token: 'other', active: false }],
      `fault: ${url} has 2 webhooks → ${register}`,
    ],
    [
      'beside another one at the same URL, written in other letters',
      [{ ...ours, webhookId: '2', url: 'https://ROUTER.example.com/aircall/calls' }, ours],
      `fault: https://ROUTER.example.com/aircall/calls has 2 webhooks: each call is announced more than once → npx call-router webhook register --url https://ROUTER.example.com/aircall/calls`,
    ],
    [
      'twice, at two URLs, one of which is none',
      [ours, { ...ours, webhookId: '2', url: 'router' }],
      `ok: ${url}, router: active, our events, token accepted`,
    ],
    [
      'beside another one whose token is accepted too',
      [ours, { ...ours, webhookId: '2' }],
      `fault: ${url} has 2 webhooks: each call is announced more than once → ${register}`,
    ],
  ])('%s', async (_, webhooks, finding) => {
    expect(await find('webhook', list(...webhooks))).toBe(finding);
  });

  it('beside some that cannot be read', async () => {
    const listWebhooks = async () => succeed({ webhooks: [ours], unreadable: 2 });
    expect(await find('webhook', { listWebhooks })).toBe(
      'fault: webhooks at Aircall that could not be read: 2 → update this program: Aircall may describe them in a new way',
    );
  });

  it('that cannot be listed', async () => {
    const listWebhooks = async () =>
      fail({ reason: 'rate-limited', message: 'GET /v1/webhooks: 429' } as const);
    expect(await find('webhook', { listWebhooks })).toBe(
      'fault: the company has used up its requests to Aircall for this minute (GET /v1/webhooks: 429) → try again in a minute',
    );
  });

  it('and another one at what is no URL, each by itself', async () => {
    const odd = { ...ours, webhookId: '2', name: 'call-router', url: 'router', active: false };
    expect(await find('webhook', list(ours, odd))).toBe(
      'fault: router is switched off → npx call-router webhook register --url router',
    );
  });

  it('with a token that cannot be compared', async () => {
    const findTraits = async () => fail({ reason: 'store-unavailable', detail: 'TimeoutError' } as const);
    expect(await find('webhook', {}, {}, findTraits)).toBe(
      `ok: ${url}: active, our events, token not checked: the table could not be read`,
    );
  });
});

describe('missed calls', () => {
  const seen = (value: { announcedAtMs: number; missedUntilMs?: number } | undefined) => ({
    findWebhookSeen: async () => succeed(value),
  });
  const calls = (count: number) => ({
    listCalls: async () =>
      succeed({
        calls: Array.from({ length: count }, (_, id) => ({ callId: callId(String(id)), claimedAtMs: t0 })),
        unreadable: 0,
      }),
  });

  it.each<[string, Partial<Store>, string]>([
    [
      'are none',
      {},
      'ok: our webhook announced calls when last looked at, 2025-11-22T22:25:00.000Z; calls recorded in the last day that nobody announced: 0',
    ],
    [
      'are counted',
      calls(3),
      'ok: our webhook announced calls when last looked at, 2025-11-22T22:25:00.000Z; calls recorded in the last day that nobody announced: 3',
    ],
    [
      'are counted up to a hundred, before any refresh, too',
      { ...calls(100), ...seen(undefined) },
      'ok: no refresh has seen our webhook yet; calls recorded in the last day that nobody announced: 100 or more',
    ],
    [
      'may be more than are recorded',
      { ...calls(3), ...seen({ announcedAtMs: t0 - 900_000, missedUntilMs: t0 }) },
      'fault: calls since 2025-11-22T22:25:00.000Z may not have been announced; calls recorded in the last day that nobody announced: 3 → the refresh records them, a minute after it or later: npx call-router calls list --because webhook-was-off',
    ],
    [
      'can be told for an hour after the refresh has looked',
      seen({ announcedAtMs: t0 - 3_600_000 }),
      'ok: our webhook announced calls when last looked at, 2025-11-22T21:40:00.000Z; calls recorded in the last day that nobody announced: 0',
    ],
    [
      'can not be told where the refresh does not look',
      seen({ announcedAtMs: t0 - 3_600_001 }),
      'fault: the refresh has not seen our webhook announce calls since 2025-11-22T21:39:59.999Z → see that the scheduled refresh runs, by its alarms and the ERROR lines in its log',
    ],
    ['need the table', { probeTable: async () => succeed('absent') }, 'not-checked: needs the table'],
    [
      'need what the refresh saw',
      {
        findWebhookSeen: async () =>
          fail({ reason: 'item-unreadable', detail: 'webhook seen: announcedAtMs' }),
      },
      'fault: could not be read (webhook seen: announcedAtMs) → check AWS_REGION, the AWS credentials and the network',
    ],
    [
      'need the list of calls',
      { listCalls: async () => fail({ reason: 'store-unavailable', detail: 'TimeoutError' }) },
      'fault: could not be read (TimeoutError) → check AWS_REGION, the AWS credentials and the network',
    ],
  ])('%s', async (_, store, finding) => {
    expect(await find('missed', {}, store)).toBe(finding);
  });

  it('are looked for among those of a day', async () => {
    const asked: unknown[] = [];
    const listCalls: Store['listCalls'] = async (query) => {
      asked.push(query);
      return succeed({ calls: [], unreadable: 0 });
    };
    await find('missed', {}, { listCalls });
    expect(asked).toEqual([
      { sinceMs: 1763764800000, limit: 100, outcome: 'left', because: 'webhook-was-off' },
    ]);
  });
});

describe('the table', () => {
  it.each<[Awaited<ReturnType<Store['probeTable']>>, string]>([
    [succeed('ready'), 'ok: there, with its indexes'],
    [succeed('absent'), 'fault: does not exist → check TABLE_NAME and AWS_REGION, or deploy the stage'],
    [succeed('incomplete'), 'fault: an index is missing → deploy the stage again'],
    [
      fail({ reason: 'store-unavailable', detail: 'TimeoutError' }),
      'fault: could not be read (TimeoutError) → check AWS_REGION, the AWS credentials and the network',
    ],
    [
      fail({ reason: 'store-unavailable', detail: 'region-missing' }),
      'fault: could not be read: no AWS region is known (region-missing) → set AWS_REGION',
    ],
    [
      fail({ reason: 'store-unavailable', detail: 'CredentialsProviderError' }),
      'fault: could not be read: no AWS credentials were found (CredentialsProviderError) → set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    ],
    [
      fail({ reason: 'store-unavailable', detail: 'ECONNREFUSED' }),
      'fault: could not be read: nothing answers at its address (ECONNREFUSED) → check the network, and AWS_ENDPOINT_URL_DYNAMODB where it is set',
    ],
  ])('%j', async (probed, finding) => {
    expect(await find('table', {}, { probeTable: async () => probed })).toBe(finding);
  });
});

describe('the agents', () => {
  const refresh =
    'npx call-router agents refresh; the scheduled refresh does so every 5 minutes: see that it runs';
  const agents = (...known: { email: typeof jane.email; aircallUserId?: typeof jane.aircallUserId }[]) => ({
    listAgents: async () =>
      succeed({ agents: known.map((agent) => ({ ...agent, checkedAtMs: t0 })), unreadable: 0 }),
  });
  const ghost = { email: email('ghost@example.com') };

  it.each([
    ['all known', agents(jane, ghost), 'ok: 1 at Aircall, all known here'],
    [
      'one new',
      agents(),
      `fault: 1 of 1 users at Aircall are not known here as they are, 0 known here are gone → ${refresh}`,
    ],
    [
      'one with another id',
      agents({ ...jane, aircallUserId: userId(7) }),
      `fault: 1 of 1 users at Aircall are not known here as they are, 0 known here are gone → ${refresh}`,
    ],
    [
      'one with another e-mail address',
      agents({ ...ghost, aircallUserId: userId(456) }),
      `fault: 1 of 1 users at Aircall are not known here as they are, 1 known here are gone → ${refresh}`,
    ],
    [
      'one gone',
      agents(jane, { ...ghost, aircallUserId: userId(8) }),
      `fault: 0 of 1 users at Aircall are not known here as they are, 1 known here are gone → ${refresh}`,
    ],
  ])('%s', async (_, store, finding) => {
    expect(await find('agents', {}, store)).toBe(finding);
  });

  it('that cannot be read, at Aircall or in the table', async () => {
    const listUsers = async () => ({ users: [jane], unreadable: 1 });
    const listAgents = async () => succeed({ agents: [{ ...jane, checkedAtMs: t0 }], unreadable: 1 });
    expect(await find('agents', { listUsers })).toBe(
      'fault: users at Aircall that could not be read: 1 → update this program: Aircall may describe them in a new way',
    );
    expect(await find('agents', {}, { listAgents })).toBe(
      'fault: agents in the table that are damaged, or newer than this program: 1 → npx call-router agents refresh writes damaged ones anew; for newer ones, update this program',
    );
    const storeDown = async () => fail({ reason: 'store-unavailable', detail: 'TimeoutError' } as const);
    expect(await find('agents', {}, { listAgents: storeDown })).toBe(
      'fault: could not be read (TimeoutError) → check AWS_REGION, the AWS credentials and the network',
    );
  });

  it('that the table does not tell of', async () => {
    const listAgents = async () => fail({ reason: 'store-unavailable', detail: 'TimeoutError' } as const);
    expect(await find('agents', {}, { listAgents })).toBe(
      'fault: could not be read (TimeoutError) → check AWS_REGION, the AWS credentials and the network',
    );
  });

  it('of whom only some could be listed', async () => {
    const failure = { reason: 'rate-limited', message: 'GET /v2/users: 429' } as const;
    const listUsers = async () => ({ users: [jane], unreadable: 0, failure });
    expect(await find('agents', { listUsers }, agents(jane, ghost))).toMatch(
      /^fault: .*GET \/v2\/users: 429/,
    );
  });

  it('none at Aircall', async () => {
    const nobody = { listUsers: async () => ({ users: [], unreadable: 0 }) };
    expect(await find('agents', nobody, agents())).toBe(
      'fault: Aircall lists no user → see that the API key belongs to the right company',
    );
  });
});

describe('where a setting is missing or wrong', () => {
  async function findings(changes: Partial<Pick<DiagnosePorts, 'aircall' | 'store'>>) {
    const diagnose = createDiagnose(
      {
        aircall: succeed(healthyAircall),
        store: succeed(healthyStore),
        findTraits: async () =>
          succeed({ name: 'call-router', tokens: ['known-token'], events: routedEvents }),
        now: () => t0,
        ...changes,
      },
      'call-router',
    );
    const found = await diagnose(undefined, t0);
    return found.map(({ part, verdict, text, remedies = [] }) => [part, verdict, text, ...remedies]);
  }
  const agentsNeedBoth = ['agents', 'not-checked', 'needs both Aircall and the table'];

  it('for the table, Aircall is looked at all the same', async () => {
    expect(await findings({ store: fail('TABLE_NAME is not set') })).toEqual([
      ['credentials', 'ok', 'Aircall takes them'],
      ['clock', 'ok', "within 10 s of Aircall's"],
      ['webhook', 'ok', `${url}: active, our events, token accepted`],
      ['missed', 'not-checked', 'needs the table'],
      ['table', 'fault', 'TABLE_NAME is not set', 'set it, or use --local for the local stack'],
      agentsNeedBoth,
    ]);
  });

  it('for Aircall, the table is looked at all the same', async () => {
    expect(await findings({ aircall: fail('AIRCALL_API_URL is no URL') })).toMatchObject([
      ['credentials', 'fault', 'AIRCALL_API_URL is no URL', 'correct it'],
      ['clock', 'not-checked', 'needs the settings for Aircall'],
      ['webhook', 'not-checked', 'needs the settings for Aircall'],
      ['missed', 'ok', expect.any(String)],
      ['table', 'ok', 'there, with its indexes'],
      agentsNeedBoth,
    ]);
  });
});

describe('of a company of its own account', () => {
  const lantern = 'lantern' as AccountId;

  async function findForLantern(changes: {
    status?: AccountStatus;
    aircall?: Partial<Aircall>;
    store?: Partial<Store>;
  }) {
    const account = { ...newAccount(lantern, 'Lantern & Co', t0), status: changes.status ?? 'active' };
    const diagnose = createDiagnose(
      {
        aircall: succeed({ ...healthyAircall, ...changes.aircall }),
        store: succeed({ ...healthyStore, findAccount: async () => succeed(account), ...changes.store }),
        findTraits: async () =>
          succeed({ name: 'call-router', tokens: ['known-token'], events: eventsFor('oauth') }),
        now: () => t0,
      },
      'call-router',
      lantern,
    );
    const findings = await diagnose(undefined, t0);
    return findings.map(({ part, verdict, text, remedies = [] }) => [part, verdict, text, ...remedies]);
  }

  it.each<[AccountStatus, string[]]>([
    ['active', ['account', 'ok', 'active']],
    [
      'disabled',
      ['account', 'fault', 'disabled: nothing is done for it', 'npx call-router accounts enable lantern'],
    ],
    [
      'uninstalled',
      ['account', 'fault', 'uninstalled: nothing is done for it', 'only the company can install it again'],
    ],
  ])('the account comes first: %s', async (status, finding) => {
    expect((await findForLantern({ status }))[0]).toEqual(finding);
  });

  it.each([
    ['and that of the uninstallation', eventsFor('oauth'), 'ok'],
    ['but not that of the uninstallation', routedEvents, 'fault'],
  ])('its webhook over OAuth is to tell of calls %s: %s', async (_, events, verdict) => {
    const listWebhooks = async () => succeed({ webhooks: [{ ...ours, events }], unreadable: 0 });
    const found = await findForLantern({ aircall: { listWebhooks } });
    expect(found.find(([part]) => part === 'webhook')?.[1]).toBe(verdict);
  });

  it('an account that does not exist is told', async () => {
    const findAccount = async () => succeed(undefined);
    expect((await findForLantern({ store: { findAccount } }))[0]).toEqual([
      'account',
      'fault',
      'does not exist',
      'npx call-router accounts list',
    ]);
  });

  it('an account that cannot be read is told', async () => {
    const findAccount = async () => fail({ reason: 'item-unreadable', detail: 'account' } as const);
    expect((await findForLantern({ store: { findAccount } }))[0]?.slice(0, 3)).toEqual([
      'account',
      'fault',
      'could not be read (account)',
    ]);
  });

  it('every command that is advised is for that account', async () => {
    const listUsers = async () => ({ users: [], unreadable: 0 });
    const listWebhooks = async () => succeed({ webhooks: [], unreadable: 0 });
    const findWebhookSeen = async () => succeed({ announcedAtMs: t0 - 900_000, missedUntilMs: t0 });
    const listAgents = async () => succeed({ agents: [{ ...jane, checkedAtMs: t0 }], unreadable: 1 });
    const found = await findForLantern({
      aircall: { listUsers, listWebhooks },
      store: { findWebhookSeen, listAgents },
    });
    const commands = found.flat().flatMap((text) => text.match(/npx call-router .*/) ?? []);
    expect(commands).toEqual([
      'npx call-router webhook register --url https://…/aircall/calls --account lantern',
      'npx call-router calls list --because webhook-was-off --account lantern',
      'npx call-router agents refresh --account lantern; the scheduled refresh does so every 5 minutes: see that it runs',
      'npx call-router agents refresh --account lantern writes damaged ones anew; for newer ones, update this program',
    ]);
  });

  const newKey =
    'npx call-router accounts add lantern with a new API key; a company that installed the app has to install it again';
  it.each([
    ['forbidden', 'Aircall did not accept our credentials (GET /v1/ping)', newKey],
    ['unauthorized', 'Aircall found no credentials in our request (GET /v1/ping)', newKey],
    [
      'rate-limited',
      'the company has used up its requests to Aircall for this minute (GET /v1/ping)',
      'try again in a minute',
    ],
  ] as const)(
    'credentials that Aircall does not take are not those of the environment: %s',
    async (reason, text, remedy) => {
      const pingAircall = async () => fail({ reason, message: 'GET /v1/ping' });
      expect((await findForLantern({ aircall: { pingAircall } }))[1]).toEqual([
        'credentials',
        'fault',
        text,
        remedy,
      ]);
    },
  );

  it('without a table nothing is said of the account, but of the table', async () => {
    const diagnose = createDiagnose(
      {
        aircall: succeed(healthyAircall),
        store: fail('TABLE_NAME is not set'),
        findTraits: async () => succeed({ name: 'call-router', tokens: [], events: routedEvents }),
        now: () => t0,
      },
      'call-router',
      lantern,
    );
    expect((await diagnose(undefined, t0)).map(({ part }) => part)).toEqual([
      'credentials',
      'clock',
      'webhook',
      'missed',
      'table',
      'agents',
    ]);
  });
});

describe('of the operator’s own account', () => {
  const everything = async (changes: Partial<DiagnosePorts> = {}, at?: URL) => {
    const diagnose = createDiagnose(
      {
        aircall: succeed(healthyAircall),
        store: succeed(healthyStore),
        findTraits: async () =>
          succeed({ name: 'call-router', tokens: ['known-token'], events: routedEvents }),
        now: () => t0,
        ...changes,
      },
      'call-router',
    );
    const findings = await diagnose(at, t0);
    return findings.map(({ part, verdict, text, remedies = [] }) => [part, verdict, text, ...remedies]);
  };
  const inOrder = [
    ['credentials', 'ok', 'Aircall takes them'],
    ['clock', 'ok', "within 10 s of Aircall's"],
    ['webhook', 'ok', `${url}: active, our events, token accepted`],
    [
      'missed',
      'ok',
      'our webhook announced calls when last looked at, 2025-11-22T22:25:00.000Z; calls recorded in the last day that nobody announced: 0',
    ],
    ['table', 'ok', 'there, with its indexes'],
    ['agents', 'ok', '1 at Aircall, all known here'],
  ];

  it('the parts are told in order, and nobody looks for its account in the table', async () => {
    const findAccount = async () => {
      throw new Error('looked for');
    };
    expect(await everything({ store: succeed({ ...healthyStore, findAccount }) })).toEqual(inOrder);
  });

  it.each([
    ['AIRCALL_API_ID is not set', 'set it, or use --local for the local stack'],
    ['AIRCALL_API_URL: no URL', 'correct it'],
  ])('without a way to Aircall (%s) what needs none is checked', async (problem, remedy) => {
    expect(await everything({ aircall: fail(problem) })).toEqual([
      ['credentials', 'fault', problem, remedy],
      ['clock', 'not-checked', 'needs the settings for Aircall'],
      ['webhook', 'not-checked', 'needs the settings for Aircall'],
      inOrder[3],
      inOrder[4],
      ['agents', 'not-checked', 'needs both Aircall and the table'],
    ]);
  });

  it('without a table what needs none is checked', async () => {
    expect(await everything({ store: fail('TABLE_NAME is not set') })).toEqual([
      ...inOrder.slice(0, 3),
      ['missed', 'not-checked', 'needs the table'],
      ['table', 'fault', 'TABLE_NAME is not set', 'set it, or use --local for the local stack'],
      ['agents', 'not-checked', 'needs both Aircall and the table'],
    ]);
  });

  it.each<[string, Partial<Aircall>, Partial<Store>]>([
    [
      'Aircall does not let us in',
      { pingAircall: async () => fail({ reason: 'forbidden', message: 'GET /v1/ping: 403' }) },
      {},
    ],
    ['the table is not there', {}, { probeTable: async () => succeed('absent') }],
  ])('the agents are not even asked for where %s', async (_, changes, store) => {
    const listUsers = async () => {
      throw new Error('asked for');
    };
    const found = await everything({
      aircall: succeed({ ...healthyAircall, ...changes, listUsers }),
      store: succeed({ ...healthyStore, ...store }),
    });
    expect(found.at(-1)).toEqual(['agents', 'not-checked', 'needs both Aircall and the table']);
  });

  it('a webhook is missing at the URL that is asked about', async () => {
    const listWebhooks = async () => succeed({ webhooks: [], unreadable: 0 });
    const at = new URL('https://new.example.com/aircall/calls');
    expect((await everything({ aircall: succeed({ ...healthyAircall, listWebhooks }) }, at))[2]).toEqual([
      'webhook',
      'fault',
      'none is registered for https://new.example.com/aircall/calls',
      'npx call-router webhook register --url https://new.example.com/aircall/calls',
    ]);
  });
});
