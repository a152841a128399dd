/** The register of webhooks: most of what a company has there is not ours, and some of it may be no webhook at all. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createActivateWebhook,
  createCreateWebhook,
  createListWebhooks,
} from '../../../lib/adapters/aircall/webhooks.ts';
import { november, type Simulation, startSimulation } from './simulation.ts';

const deadlineMs = november + 60_000;
const url = 'https://router.example.com/aircall/calls';

let simulation: Simulation;
beforeEach(async () => {
  simulation = await startSimulation();
});
afterEach(() => simulation.aircall.close());

/** As Aircall says it. */
const wire = {
  webhook_id: '7b1c4a52-9d07-4f0e-8b57-1f2f7c3f9d11',
  custom_name: 'call-router',
  url,
  active: true,
  events: ['call.created'],
  token: '0123456789abcdef',
};
const webhook = {
  webhookId: '7b1c4a52-9d07-4f0e-8b57-1f2f7c3f9d11',
  name: 'call-router',
  url,
  active: true,
  events: ['call.created'],
  token: '0123456789abcdef',
};
const answer = (value: unknown) => async () => ({ ok: true, value }) as const;
const { custom_name: _, ...nameless } = wire;
const { name: __, ...withoutName } = webhook;

describe('the list', () => {
  it('tells each webhook, named or not, and counts what it can’t read', async () => {
    const page = { webhooks: [wire, nameless, { ...wire, events: 'all' }], meta: { next_page_link: null } };

    expect(await createListWebhooks(answer(page), simulation.clock, 5000)(deadlineMs)).toEqual({
      ok: true,
      value: { webhooks: [webhook, withoutName], unreadable: 1 },
    });
  });
});

describe.each([
  {
    doing: 'creating one',
    request: 'POST /v1/webhooks',
    run: (requestAircall: Simulation['requestAircall']) =>
      createCreateWebhook(requestAircall, 5000)(
        { name: 'call-router', url, events: ['call.created'] },
        deadlineMs,
      ),
  },
  {
    doing: 'activating one',
    request: 'PUT /v1/webhooks/:id',
    run: (requestAircall: Simulation['requestAircall']) =>
      createActivateWebhook(requestAircall, 5000)(webhook.webhookId, ['call.created'], deadlineMs),
  },
])('$doing', ({ request, run }) => {
  it('tells it as it is at Aircall then', async () => {
    expect(await run(answer({ webhook: wire }))).toEqual({ ok: true, value: webhook });
  });

  it('fails as any request does', async () => {
    simulation.aircall.failNext(request, { kind: 'status', status: 403 });

    expect(await run(simulation.requestAircall)).toEqual({
      ok: false,
      failure: { reason: 'forbidden', status: 403, message: `${request}: 403` },
    });
  });

  it.each([undefined, {}, { webhook: 'done' }, { webhook: { ...wire, token: null } }])(
    'is not believed where the answer is %j',
    async (value) => {
      expect(await run(answer(value))).toEqual({
        ok: false,
        failure: { reason: 'unreadable-answer', message: `${request}: not a webhook` },
      });
    },
  );
});
