/**
 * Whether all that a call needs is in order: one finding for each part, with what to do about a fault.
 */
import type { FindAccount } from '../account-ports.ts';
import { type AccountStatus, ownAccountId } from '../core/account.ts';
import {
  findOurWebhooks,
  hasExactlyOurEvents,
  type OurTraits,
  routedEvents,
} from '../core/choose-webhook.ts';
import type {
  AccountId,
  Agent,
  AircallFailure,
  AircallUser,
  StoreFailure,
  StoreResult,
} from '../core/model.ts';
import { nextCommand } from '../core/next-command.ts';
import { failureTexts } from '../core/reason-texts.ts';
import type { Result } from '../core/result.ts';
import { findStoreHint } from '../core/store-hints.ts';
import type {
  CompareClocks,
  FindWebhookSeen,
  ListAgents,
  ListCalls,
  ListUsers,
  ListWebhooks,
  Now,
  PingAircall,
  ProbeTable,
  Webhook,
} from '../ports.ts';

type AircallPorts = {
  readonly pingAircall: PingAircall;
  readonly compareClocks: CompareClocks;
  readonly listWebhooks: ListWebhooks;
  readonly listUsers: ListUsers;
};

type StorePorts = {
  readonly probeTable: ProbeTable;
  readonly findAccount: FindAccount;
  readonly listAgents: ListAgents;
  readonly findWebhookSeen: FindWebhookSeen;
  readonly listCalls: ListCalls;
};

/** Each a failure that says which setting is missing or wrong. */
export type DiagnosePorts = {
  readonly aircall: Result<AircallPorts, string>;
  readonly store: Result<StorePorts, string>;
  /** What is ours of these webhooks. */
  readonly findTraits: FindOurTraits;
  readonly now: Now;
};

export type FindOurTraits = (
  webhooks: readonly Webhook[],
  deadlineMs: number,
) => Promise<StoreResult<OurTraits>>;

/** `account`: only of one that is not the environment's. `missed`: calls that came while no webhook announced them. */
export type Part = 'account' | 'credentials' | 'table' | 'webhook' | 'clock' | 'agents' | 'missed';

export type Finding = {
  readonly part: Part;
  readonly verdict: 'ok' | 'fault' | 'not-checked';
  readonly text: string;
  /** What to do about a fault. */
  readonly remedies?: readonly string[];
};

/** @param url where the router takes deliveries; without it, every webhook that looks like ours is examined */
export type Diagnose = (url: URL | undefined, deadlineMs: number) => Promise<readonly Finding[]>;

/** A clock further off makes a delivery look older than it is, by as much. */
const mostClockErrorMs = 10_000;

const dayMs = 86_400_000;
/** The refresh notes it every quarter of an hour. */
const longestUnseenMs = 3_600_000;
const mostCounted = 100;

/** @param accountId whose parts these are */
export function createDiagnose(
  { aircall, store, findTraits, now }: DiagnosePorts,
  name: string,
  accountId: AccountId = ownAccountId,
): Diagnose {
  const next = (line: string) => nextCommand(line, accountId);

  return async function diagnose(url, deadlineMs) {
    const [account, credentials, clock, table] = await Promise.all([
      checkAccount(deadlineMs),
      checkCredentials(deadlineMs),
      checkClock(deadlineMs),
      checkTable(deadlineMs),
    ]);
    const open = aircall.ok && credentials.verdict === 'ok' ? aircall.value : undefined;
    const ready = store.ok && table.verdict === 'ok' ? store.value : undefined;
    const [webhook, agents, missed] = await Promise.all([
      open
        ? checkWebhooks(open, url, deadlineMs)
        : notChecked('webhook', aircall.ok ? 'Aircall does not let us in' : 'needs the settings for Aircall'),
      open && ready
        ? checkAgents(open, ready, deadlineMs)
        : notChecked('agents', 'needs both Aircall and the table'),
      ready ? checkMissed(ready, deadlineMs) : notChecked('missed', 'needs the table'),
    ]);
    return [...account, credentials, clock, webhook, missed, table, agents];
  };

  async function checkAccount(deadlineMs: number): Promise<readonly Finding[]> {
    if (accountId === ownAccountId || !store.ok) return [];

    const found = await store.value.findAccount(accountId, deadlineMs);
    if (!found.ok) return [storeFault('account', found.failure)];
    if (found.value === undefined)
      return [fault('account', 'does not exist', 'npx call-router accounts list')];

    const { status } = found.value;
    if (status === 'active') return [ok('account', 'active')];
    return [fault('account', `${status}: nothing is done for it`, accountRemedies[status](accountId))];
  }

  function aircallFault(part: Part, { reason, message }: AircallFailure): Finding {
    const isRefused = reason === 'unauthorized' || reason === 'forbidden';
    const remedy = isRefused && accountId !== ownAccountId ? renewKey(accountId) : aircallRemedies[reason];
    return fault(part, `${failureTexts[reason]} (${message})`, remedy);
  }

  async function checkCredentials(deadlineMs: number): Promise<Finding> {
    if (!aircall.ok) return fault('credentials', aircall.failure, settingRemedy(aircall.failure));

    const answer = await aircall.value.pingAircall(deadlineMs);
    if (answer.ok) return ok('credentials', 'Aircall takes them');
    return aircallFault('credentials', answer.failure);
  }

  async function checkClock(deadlineMs: number): Promise<Finding> {
    const compared = aircall.ok ? await aircall.value.compareClocks(deadlineMs) : undefined;
    if (!compared?.ok || compared.value === undefined) {
      return notChecked(
        'clock',
        aircall.ok ? 'Aircall did not tell the time' : 'needs the settings for Aircall',
      );
    }
    const seconds = Math.round(Math.abs(compared.value.aheadMs) / 1000);
    const side = compared.value.aheadMs > 0 ? 'ahead of' : 'behind';
    if (Math.abs(compared.value.aheadMs) <= mostClockErrorMs) {
      return ok('clock', `within ${mostClockErrorMs / 1000} s of Aircall's`);
    }
    return fault(
      'clock',
      `this machine's clock is ${seconds} s ${side} Aircall's`,
      'set it right: a router with such a clock takes new calls for old ones, or old for new',
    );
  }

  async function checkWebhooks(
    { listWebhooks }: AircallPorts,
    url: URL | undefined,
    deadlineMs: number,
  ): Promise<Finding> {
    const listed = await listWebhooks(deadlineMs);
    if (!listed.ok) return aircallFault('webhook', listed.failure);

    const { webhooks, unreadable } = listed.value;
    const known = await findTraits(webhooks, deadlineMs);
    const anything = { name, tokens: webhooks.map(({ token }) => token), events: routedEvents };
    const ours = known.ok ? known.value : anything;
    const found = findOurWebhooks(webhooks, ours, url);
    const tokens = known.ok ? 'token accepted' : 'token not checked: the table could not be read';
    return conclude(
      'webhook',
      [
        ...(found.length === 0 ? [noWebhook(url, next)] : []),
        ...groupByUrl(found).flatMap((atUrl) => faultsAt(atUrl, ours, next)),
        ...(unreadable > 0
          ? [{ text: `webhooks at Aircall that could not be read: ${unreadable}`, remedy: updateProgram }]
          : []),
      ],
      `${found.map((webhook) => webhook.url).join(', ')}: active, our events, ${tokens}`,
    );
  }

  async function checkMissed(
    { findWebhookSeen, listCalls }: StorePorts,
    deadlineMs: number,
  ): Promise<Finding> {
    const nowMs = now();
    const [found, listed] = await Promise.all([
      findWebhookSeen(deadlineMs),
      listCalls(
        { sinceMs: nowMs - dayMs, limit: mostCounted, outcome: 'left', because: 'webhook-was-off' },
        deadlineMs,
      ),
    ]);
    if (!found.ok) return storeFault('missed', found.failure);
    if (!listed.ok) return storeFault('missed', listed.failure);

    const count = listed.value.calls.length;
    const recorded = `calls recorded in the last day that nobody announced: ${count === mostCounted ? `${count} or more` : count}`;
    if (found.value === undefined) return ok('missed', `no refresh has seen our webhook yet; ${recorded}`);

    const { announcedAtMs, missedUntilMs } = found.value;
    const since = new Date(announcedAtMs).toISOString();
    if (missedUntilMs !== undefined) {
      return fault(
        'missed',
        `calls since ${since} may not have been announced; ${recorded}`,
        listMissed(next),
      );
    }
    return nowMs - announcedAtMs > longestUnseenMs
      ? fault('missed', `the refresh has not seen our webhook announce calls since ${since}`, seeRefresh)
      : ok('missed', `our webhook announced calls when last looked at, ${since}; ${recorded}`);
  }

  async function checkTable(deadlineMs: number): Promise<Finding> {
    if (!store.ok) return fault('table', store.failure, settingRemedy(store.failure));

    const answer = await store.value.probeTable(deadlineMs);
    if (!answer.ok) return storeFault('table', answer.failure);
    switch (answer.value) {
      case 'ready':
        return ok('table', 'there, with its indexes');
      case 'absent':
        return fault('table', 'does not exist', 'check TABLE_NAME and AWS_REGION, or deploy the stage');
      case 'incomplete':
        return fault('table', 'an index is missing', 'deploy the stage again');
    }
  }

  async function checkAgents(
    { listUsers }: AircallPorts,
    { listAgents }: StorePorts,
    deadlineMs: number,
  ): Promise<Finding> {
    const [listed, stored] = await Promise.all([listUsers(deadlineMs), listAgents(deadlineMs)]);
    if (listed.failure !== undefined) return aircallFault('agents', listed.failure);
    if (!stored.ok) return storeFault('agents', stored.failure);

    const { users, unreadable } = listed;
    const { agents } = stored.value;
    const unknown = users.filter((user) => !agents.some((agent) => isSame(agent, user)));
    const gone = agents.filter(
      (agent) => agent.aircallUserId !== undefined && !users.some((user) => user.email === agent.email),
    );
    const faults: Fault[] = [];
    if (users.length + unreadable === 0) {
      faults.push({
        text: 'Aircall lists no user',
        remedy: 'see that the API key belongs to the right company',
      });
    }
    if (unknown.length + gone.length > 0) {
      faults.push({
        text: `${unknown.length} of ${users.length} users at Aircall are not known here as they are, ${gone.length} known here are gone`,
        remedy: `${next('agents refresh')}; the scheduled refresh does so every 5 minutes: see that it runs`,
      });
    }
    if (unreadable > 0) {
      faults.push({
        text: `users at Aircall that could not be read: ${unreadable}`,
        remedy: updateProgram,
      });
    }
    if (stored.value.unreadable > 0) {
      faults.push({
        text: `agents in the table that are damaged, or newer than this program: ${stored.value.unreadable}`,
        remedy: `${next('agents refresh')} writes damaged ones anew; for newer ones, update this program`,
      });
    }
    return conclude('agents', faults, `${users.length} at Aircall, all known here`);
  }
}

/** A command line, for the account at hand. */
type Next = (line: string) => string;

const accountRemedies: Record<Exclude<AccountStatus, 'active'>, (accountId: AccountId) => string> = {
  disabled: (accountId) => `npx call-router accounts enable ${accountId}`,
  uninstalled: () => 'only the company can install it again',
};

type Fault = { readonly text: string; readonly remedy: string };

const listMissed = (next: Next) =>
  `the refresh records them, a minute after it or later: ${next('calls list --because webhook-was-off')}`;
const seeRefresh = 'see that the scheduled refresh runs, by its alarms and the ERROR lines in its log';
const updateProgram = 'update this program: Aircall may describe them in a new way';

function settingRemedy(problem: string): string {
  return problem.endsWith(' is not set') ? 'set it, or use --local for the local stack' : 'correct it';
}

function noWebhook(url: URL | undefined, next: Next): Fault {
  return {
    text: url === undefined ? 'none of ours is registered' : `none is registered for ${url.href}`,
    remedy: next(`webhook register --url ${url?.href ?? 'https://…/aircall/calls'}`),
  };
}

/** All at one URL: at least one. */
type AtUrl = readonly [Webhook, ...Webhook[]];

function groupByUrl(webhooks: readonly Webhook[]): readonly AtUrl[] {
  const groups = new Map<string, AtUrl>();
  for (const webhook of webhooks) {
    const href = URL.parse(webhook.url)?.href ?? webhook.url;
    const before = groups.get(href);
    groups.set(href, before === undefined ? [webhook] : [...before, webhook]);
  }
  return [...groups.values()];
}

/** Of several at one URL, `webhook register` keeps one, puts it in order and deletes the others. */
function faultsAt(atUrl: AtUrl, ours: OurTraits, next: Next): Fault[] {
  const kept = atUrl.find(({ token }) => ours.tokens.includes(token)) ?? atUrl[0];
  const remedy = next(`webhook register --url ${kept.url}`);
  const texts = faultsOf(kept, ours);
  return [...texts, ...(atUrl.length > 1 ? [tooMany(atUrl, kept.url)] : [])].map((text) => ({
    text,
    remedy,
  }));
}

function tooMany(atUrl: AtUrl, url: string): string {
  const isTold =
    atUrl.filter(({ active }) => active).length > 1 ? ': each call is announced more than once' : '';
  return `${url} has ${atUrl.length} webhooks${isTold}`;
}

function isSame(agent: Agent, user: AircallUser): boolean {
  return agent.email === user.email && agent.aircallUserId === user.aircallUserId;
}

function faultsOf(webhook: Webhook, { tokens, events }: OurTraits): string[] {
  const { url, active } = webhook;
  return [
    ...(active ? [] : [`${url} is switched off`]),
    ...(hasExactlyOurEvents(webhook, events) ? [] : [`${url} is subscribed to other events than ours`]),
    ...(tokens.includes(webhook.token) ? [] : [`the router does not accept the token of ${url}`]),
  ];
}

const renewKey = (accountId: AccountId) =>
  `npx call-router accounts add ${accountId} with a new API key; a company that installed the app has to install it again`;
const tryLater = 'try again in a minute';
const checkCredentials = 'compare AIRCALL_API_ID and AIRCALL_API_TOKEN with the API key in Aircall';
const checkNetwork = 'check the network, a proxy on the way, and AIRCALL_API_URL';

/** All of these were questions: that an answer was lost says something of the way, and did no harm. */
const aircallRemedies: Record<AircallFailure['reason'], string> = {
  unauthorized: checkCredentials,
  forbidden: checkCredentials,
  'rate-limited': tryLater,
  unavailable: checkNetwork,
  'lost-answer': checkNetwork,
  'no-answer': tryLater,
  'out-of-time': tryLater,
  'not-found': checkNetwork,
  'unreadable-answer': checkNetwork,
  'call-ended': tryLater,
  refused: tryLater,
  'no-credentials':
    'see that the sealing key is the one of this stage, and that you may use it; a company that has uninstalled the router has to install it again',
};

function storeFault(part: Part, { detail }: StoreFailure): Finding {
  const hint = findStoreHint(detail);
  return hint === undefined
    ? fault(part, `could not be read (${detail})`, 'check AWS_REGION, the AWS credentials and the network')
    : fault(part, `could not be read: ${hint.text} (${detail})`, hint.remedy);
}

function conclude(part: Part, faults: readonly Fault[], textIfNone: string): Finding {
  return faults.length === 0
    ? ok(part, textIfNone)
    : fault(part, faults.map(({ text }) => text).join('; '), ...new Set(faults.map(({ remedy }) => remedy)));
}

function ok(part: Part, text: string): Finding {
  return { part, verdict: 'ok', text };
}

function fault(part: Part, text: string, ...remedies: readonly string[]): Finding {
  return { part, verdict: 'fault', text, remedies };
}

function notChecked(part: Part, text: string): Finding {
  return { part, verdict: 'not-checked', text };
}
