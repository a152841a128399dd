/** The contacts that Aircall keeps, page by page. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createReadContacts } from '../../../lib/adapters/aircall/contacts.ts';
import { november, type Simulation, startSimulation } from './simulation.ts';

const route = 'GET /v1/contacts';
const madeAt = november / 1000 - 86_400;

let simulation: Simulation;
beforeEach(async () => {
  simulation = await startSimulation();
});
afterEach(() => simulation.aircall.close());

const read = (page = 1, fromMs = 0) =>
  createReadContacts(simulation.requestAircall, 10_000)({ fromMs, page }, november + 60_000);

function putContacts(count: number) {
  for (let index = 0; index < count; index += 1) {
    simulation.aircall.putContact({
      id: String(700_001 + index),
      firstName: 'Zoë',
      createdAtSeconds: madeAt + index,
      updatedAtSeconds: madeAt + 5000,
    });
  }
}

it('are told with when the first and the last of them were made', async () => {
  putContacts(2);
  simulation.aircall.putContact({ id: '700002', phones: ['+442079460123'], information: 'tier:gold' });
  expect(await read()).toEqual({
    ok: true,
    value: {
      contacts: [
        {
          kind: 'listed',
          contactId: '700001',
          atMs: 1763769800000,
          name: 'Zoë',
          attributes: {},
          phones: [],
        },
        {
          kind: 'listed',
          contactId: '700002',
          atMs: 1763851200000,
          name: 'Zoë',
          attributes: { tier: 'gold' },
          phones: ['+442079460123'],
        },
      ],
      unreadable: 0,
      firstMs: 1763764800000,
      reachedMs: 1763764801000,
      more: 'none',
    },
  });
  expect(simulation.aircall.requests.map(({ path }) => path)).toEqual([
    '/v1/contacts?order=asc&from=0&per_page=50&page=1',
  ]);
});

it('are none of those made before', async () => {
  putContacts(3);
  expect(await read(1, (madeAt + 1) * 1000)).toMatchObject({ value: { contacts: { length: 2 } } });
  expect(await read(1, (madeAt + 3) * 1000)).toEqual({
    ok: true,
    value: { contacts: [], unreadable: 0, more: 'none' },
  });
});

it('come fifty at a time, oldest first', async () => {
  putContacts(51);
  expect(await read()).toMatchObject({
    value: { contacts: { length: 50 }, reachedMs: 1763764849000, more: 'next-page' },
  });
  expect(await read(2)).toMatchObject({ value: { contacts: { length: 1 }, more: 'none' } });
});

it('are no more than 10,000 of one list', async () => {
  putContacts(10_001);
  expect(await read(200)).toMatchObject({
    value: { contacts: { length: 50 }, reachedMs: 1763774799000, more: 'beyond-last-page' },
  });
});

it('end with a last page that is not full', async () => {
  putContacts(9_999);
  expect(await read(200)).toMatchObject({ value: { contacts: { length: 49 }, more: 'none' } });
});

it('in a shape we do not know are counted, and the others told', async () => {
  const contacts = [{ id: 7 }, null, { id: 8, phone_numbers: [], updated_at: 12 }];
  const meta = { next_page_link: null };
  simulation.aircall.failNext(route, { kind: 'status', status: 200, body: { contacts, meta } });
  expect(await read()).toEqual({
    ok: true,
    value: {
      contacts: [{ kind: 'listed', contactId: '8', atMs: 12_000, attributes: {}, phones: [] }],
      unreadable: 2,
      more: 'none',
    },
  });
});

it('are asked for once, and a refusal or nonsense is a failure', async () => {
  simulation.aircall.failNext(route, { kind: 'status', status: 429 });
  expect(await read()).toMatchObject({ ok: false, failure: { reason: 'rate-limited' } });
  simulation.aircall.failNext(route, { kind: 'status', status: 200, body: { contacts: {} } });
  expect(await read()).toEqual({
    ok: false,
    failure: { reason: 'unreadable-answer', message: 'GET /v1/contacts: not a list' },
  });
  expect(simulation.aircall.requests).toHaveLength(2);
});
