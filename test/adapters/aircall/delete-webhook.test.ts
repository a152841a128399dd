import { afterEach, beforeEach, expect, it } from 'vitest';
import { createAircallClient } from '../../../lib/adapters/aircall/client.ts';
import { createDeleteWebhook } from '../../../lib/adapters/aircall/webhooks.ts';
import { useListener } from './heard.ts';
import { connectionTo, november, type Simulation, startSimulation } from './simulation.ts';

const deadlineMs = november + 60_000;
const route = 'DELETE /v1/webhooks/:id';
const deleted = { ok: true, value: undefined };
const listen = useListener();

let simulation: Simulation;
beforeEach(async () => {
  simulation = await startSimulation();
});
afterEach(() => simulation.aircall.close());

const addWebhook = (token: string) =>
  simulation.aircall.addWebhook({
    url: 'https://router.example.com/aircall/webhook',
    token,
    events: ['call.created'],
    customName: 'call-router',
  });
const deleteWebhook = (webhookId: string, timeoutMs = 5000) =>
  createDeleteWebhook(simulation.requestAircall, timeoutMs)(webhookId, deadlineMs);
const ids = () => simulation.aircall.webhooks().map(({ webhookId }) => webhookId);

it('deletes the webhook, and no other', async () => {
  const [gone, kept] = [addWebhook('first'), addWebhook('second')];

  expect(await deleteWebhook(gone)).toEqual(deleted);
  expect(ids()).toEqual([kept]);
});

it('has deleted one that is not there any more', async () => {
  const gone = addWebhook('first');
  await deleteWebhook(gone);

  expect(await deleteWebhook(gone)).toEqual(deleted);
});

it.each([200, 204])('takes a %i for done, and sends no body', async (status) => {
  const { url, heard } = await listen(status);
  const requestAircall = createAircallClient(connectionTo(url), simulation.clock);

  expect(await createDeleteWebhook(requestAircall, 5000)('7b1c/..', deadlineMs)).toEqual(deleted);
  expect(heard).toMatchObject([{ method: 'DELETE', path: '/v1/webhooks/7b1c%2F..', body: '' }]);
});

it.each([
  { status: 401, reason: 'unauthorized' },
  { status: 403, reason: 'forbidden' },
  { status: 422, reason: 'refused' },
  { status: 500, reason: 'lost-answer' },
])('fails as $reason after a $status: the webhook is still there', async ({ status, reason }) => {
  const webhookId = addWebhook('first');
  simulation.aircall.failNext(route, { kind: 'status', status });

  expect(await deleteWebhook(webhookId)).toEqual({
    ok: false,
    failure: { reason, status, message: `DELETE /v1/webhooks/:id: ${status}` },
  });
  expect(ids()).toEqual([webhookId]);
});

it('that was carried out although its answer is lost is done the next time', async () => {
  const webhookId = addWebhook('first');
  simulation.aircall.failNext(route, { kind: 'hang-after-work' });

  expect(await deleteWebhook(webhookId, 150)).toMatchObject({ ok: false, failure: { reason: 'no-answer' } });
  expect(await deleteWebhook(webhookId)).toEqual(deleted);
});
