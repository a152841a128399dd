import { expect, it } from 'vitest';
import { fail, succeed } from '../../lib/core/result.ts';
import type { LookedAfter } from '../../lib/use-cases/look-after-webhook.ts';
import { createRefresh, type RefreshPorts } from '../../lib/use-cases/refresh.ts';
import type { RefreshFailure } from '../../lib/use-cases/refresh-agents.ts';
import { t0 } from '../builders.ts';

const agents = { users: 3, written: 1, gone: 0, presences: 3, corrected: 0 };
const webhook = { webhook: 'there', mended: 1, missedCalls: 4 } as const;
const agentsFailed: RefreshFailure = {
  troubles: [],
  done: agents,
  message: 'rate-limited: GET /v2/users: 429',
};
const webhookFailed: LookedAfter = {
  done: webhook,
  troubles: [
    { reason: 'aircall-refused', message: 'PUT /v1/webhooks/:id: 422' },
    { reason: 'store-unavailable', message: 'TimeoutError' },
  ],
};

const steps: unknown[] = [];
const warnings: unknown[] = [];

async function refresh(changes: Partial<RefreshPorts> = {}) {
  steps.length = 0;
  warnings.length = 0;
  const ports: RefreshPorts = {
    lookAfterWebhook: async (by, deadlineMs) => {
      steps.push(['webhook', by, deadlineMs - t0]);
      return { done: webhook, troubles: [] };
    },
    refreshAgents: async (deadlineMs) => {
      steps.push(['agents', deadlineMs - t0]);
      return succeed(agents);
    },
    warn: (what) => warnings.push(what),
    now: () => t0,
    ...changes,
  };
  return createRefresh(ports)({ requestId: 'request-1', deadlineMs: t0 + 200_000 });
}

it('looks after the webhook within a quarter of the time, then the agents', async () => {
  expect(await refresh()).toEqual(succeed({ ...agents, ...webhook }));
  expect(steps).toEqual([
    ['webhook', 'request-1', 50_000],
    ['agents', 200_000],
  ]);
});

it('fails where the webhook did, with the agents refreshed all the same', async () => {
  expect(await refresh({ lookAfterWebhook: async () => webhookFailed })).toEqual(
    fail({ message: 'webhook: aircall-refused: PUT /v1/webhooks/:id: 422; store-unavailable: TimeoutError' }),
  );
  expect(steps).toEqual([['agents', 200_000]]);
});

it('fails where the agents did', async () => {
  expect(await refresh({ refreshAgents: async () => fail(agentsFailed) })).toEqual(
    fail({ message: 'rate-limited: GET /v2/users: 429' }),
  );
  expect(steps).toEqual([['webhook', 'request-1', 50_000]]);
});

it('tells both where both did', async () => {
  const refreshed = await refresh({
    lookAfterWebhook: async () => webhookFailed,
    refreshAgents: async () => fail(agentsFailed),
  });
  expect(refreshed).toEqual(
    fail({
      message:
        'webhook: aircall-refused: PUT /v1/webhooks/:id: 422; store-unavailable: TimeoutError; rate-limited: GET /v2/users: 429',
    }),
  );
});

it('refreshes the agents although a bug hit the webhook', async () => {
  const lookAfterWebhook = async () => {
    throw new TypeError('a bug');
  };
  expect(await refresh({ lookAfterWebhook })).toEqual(
    fail({ message: 'webhook: unexpected-error: looking after the webhook' }),
  );
  expect(steps).toEqual([['agents', 200_000]]);
  expect(warnings).toEqual(['unexpected-error']);
});
