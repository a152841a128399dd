/**
 * Whether all that a call needs is in order: one finding for each part, with what to do about a fault.
 */
import { findOurWebhooks, hasExactlyOurEvents, type OurTraits } from '../core/choose-webhook.ts';
import type { Agent, AircallFailure, StoreFailure } from '../core/model.ts';
import { failureTexts } from '../core/reason-texts.ts';
import type { Result } from '../core/result.ts';
import type {
  AircallUser,
  CompareClocks,
  ListAgents,
  ListUsers,
  ListWebhooks,
  PingAircall,
  ProbeTable,
  Webhook,
} from '../ports.ts';

/** Each a failure that says which setting is missing or wrong. */
export type DiagnosePorts = {
  readonly aircall: Result<
    {
      readonly pingAircall: PingAircall;
      readonly compareClocks: CompareClocks;
      readonly listWebhooks: ListWebhooks;
      readonly listUsers: ListUsers;
    },
    string
  >;
  readonly store: Result<{ readonly probeTable: ProbeTable; readonly listAgents: ListAgents }, string>;
};

export type Part = 'credentials' | 'table' | 'webhook' | 'clock' | 'agents';

export type Finding = {
  readonly part: Part;
  readonly verdict: 'ok' | 'fault' | 'not-checked';
  readonly text: string;
  /** What to do about a fault. */
  readonly remedy?: string;
};

/** @param url where the router takes deliveries; without it, every webhook that looks like ours is examined */
export type Diagnose = (url: URL | undefined, deadlineMs: number) => Promise<readonly Finding[]>;

/** A clock further off makes a delivery look older than it is, by as much. */
const mostClockErrorMs = 10_000;

export function createDiagnose({ aircall, store }: DiagnosePorts, ours: OurTraits): Diagnose {
  return async function diagnose(url, deadlineMs) {
    const [credentials, clock, table] = await Promise.all([
      checkCredentials(deadlineMs),
      checkClock(deadlineMs),
      checkTable(deadlineMs),
    ]);
    const isAircallOpen = credentials.verdict === 'ok';
    const [webhook, agents] = await Promise.all([
      isAircallOpen ? checkWebhooks(url, deadlineMs) : notChecked('webhook', 'Aircall does not let us in'),
      isAircallOpen && table.verdict === 'ok'
        ? checkAgents(deadlineMs)
        : notChecked('agents', 'needs both Aircall and the table'),
    ]);
    return [credentials, clock, webhook, table, agents];
  };

  async function checkCredentials(deadlineMs: number): Promise<Finding> {
    if (!aircall.ok)
      return fault('credentials', aircall.failure, 'set it, or use --local for the local stack');

    const answer = await aircall.value.pingAircall(deadlineMs);
    if (answer.ok) return ok('credentials', 'Aircall takes them');
    return aircallFault('credentials', answer.failure);
  }

  async function checkClock(deadlineMs: number): Promise<Finding> {
    const compared = aircall.ok ? await aircall.value.compareClocks(deadlineMs) : undefined;
    if (!compared?.ok || compared.value === undefined) {
      return notChecked('clock', 'Aircall did not tell the time');
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

  async function checkWebhooks(url: URL | undefined, deadlineMs: number): Promise<Finding> {
    const listed = aircall.ok ? await aircall.value.listWebhooks(deadlineMs) : undefined;
    if (listed === undefined) return notChecked('webhook', 'Aircall is not set up');
    if (!listed.ok) return aircallFault('webhook', listed.failure);

    const found = findOurWebhooks(listed.value.webhooks, ours, url);
    if (found.length === 0) {
      return fault(
        'webhook',
        url === undefined ? 'none of ours is registered' : `none is registered for ${url.href}`,
        `npx call-router webhook register --url ${url?.href ?? 'https://…/aircall/calls'}`,
      );
    }
    const faults = found.flatMap((webhook) => faultsOf(webhook, ours.tokens));
    const [first] = faults;
    if (first === undefined) {
      const tokens =
        ours.tokens.length > 0 ? 'token known' : 'token not checked: AIRCALL_WEBHOOK_TOKENS is not set';
      return ok(
        'webhook',
        `${found.map((webhook) => webhook.url).join(', ')}: active, our events, ${tokens}`,
      );
    }
    return fault('webhook', faults.map(({ text }) => text).join('; '), first.remedy);
  }

  async function checkTable(deadlineMs: number): Promise<Finding> {
    if (!store.ok) return fault('table', store.failure, 'set it, or use --local for the local stack');

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

  async function checkAgents(deadlineMs: number): Promise<Finding> {
    if (!aircall.ok || !store.ok) return notChecked('agents', 'needs both Aircall and the table');

    const [listed, stored] = await Promise.all([
      aircall.value.listUsers(deadlineMs),
      store.value.listAgents(deadlineMs),
    ]);
    if (!listed.ok) return aircallFault('agents', listed.failure);
    if (!stored.ok) return storeFault('agents', stored.failure);

    const { users } = listed.value;
    const { agents } = stored.value;
    const unknown = users.filter((user) => !agents.some((agent) => isSame(agent, user)));
    const gone = agents.filter(
      (agent) => agent.aircallUserId !== undefined && !users.some((user) => user.email === agent.email),
    );
    if (unknown.length + gone.length > 0) {
      return fault(
        'agents',
        `${unknown.length} of ${users.length} users at Aircall are not known here as they are, ${gone.length} known here are gone`,
        'npx call-router agents refresh; the scheduled refresh does so every 5 minutes: see that it runs',
      );
    }
    return users.length === 0
      ? fault('agents', 'Aircall lists no user', 'see that the API key belongs to the right company')
      : ok('agents', `${users.length} at Aircall, all known here`);
  }
}

function isSame(agent: Agent, user: AircallUser): boolean {
  return agent.email === user.email && agent.aircallUserId === user.aircallUserId;
}

function faultsOf(webhook: Webhook, tokens: readonly string[]): { text: string; remedy: string }[] {
  const register = `npx call-router webhook register --url ${webhook.url}`;
  const isTokenKnown = tokens.length === 0 || tokens.includes(webhook.token);
  return [
    ...(webhook.active ? [] : [{ text: `${webhook.url} is switched off`, remedy: register }]),
    ...(hasExactlyOurEvents(webhook)
      ? []
      : [{ text: `${webhook.url} is subscribed to other events than ours`, remedy: register }]),
    ...(isTokenKnown
      ? []
      : [
          {
            text: `the token of ${webhook.url} is not among AIRCALL_WEBHOOK_TOKENS`,
            remedy: `add it: npx call-router webhook status --url ${webhook.url} --show-token`,
          },
        ]),
  ];
}

function aircallFault(part: Part, { reason, message }: AircallFailure): Finding {
  return fault(part, `${failureTexts[reason]} (${message})`, aircallRemedies[reason]);
}

const tryLater = 'try again in a minute';
const checkCredentials = 'compare AIRCALL_API_ID and AIRCALL_API_TOKEN with the API key in Aircall';
const checkNetwork = 'check the network, a proxy on the way, and AIRCALL_API_URL';

const aircallRemedies: Record<AircallFailure['reason'], string> = {
  unauthorized: checkCredentials,
  forbidden: checkCredentials,
  'rate-limited': tryLater,
  unavailable: checkNetwork,
  'lost-answer': tryLater,
  'no-answer': tryLater,
  'out-of-time': tryLater,
  'not-found': checkNetwork,
  'unreadable-answer': checkNetwork,
  'call-ended': tryLater,
  refused: tryLater,
};

function storeFault(part: Part, { detail }: StoreFailure): Finding {
  return fault(
    part,
    `could not be read (${detail})`,
    'check AWS_REGION, the AWS credentials and the network',
  );
}

function ok(part: Part, text: string): Finding {
  return { part, verdict: 'ok', text };
}

function fault(part: Part, text: string, remedy: string): Finding {
  return { part, verdict: 'fault', text, remedy };
}

function notChecked(part: Part, text: string): Finding {
  return { part, verdict: 'not-checked', text };
}
