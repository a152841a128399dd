/**
 * What Aircall answers to "free now?": for one agent, and for all of them page by page.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createFetchAvailability,
  createListAvailabilities,
} from '../../../lib/adapters/aircall/availabilities.ts';
import { userId } from '../../builders.ts';
import { november, type Simulation, startSimulation } from './simulation.ts';

const oneRoute = 'GET /v1/users/:id/availability';
const listRoute = 'GET /v1/users/availabilities';
const words = ['available', 'in_call', 'after_call_work', 'do_not_disturb', 'offline'] as const;

let simulation: Simulation;

beforeEach(async () => {
  simulation = await startSimulation();
});

afterEach(() => simulation.aircall.close());

const pathsAsked = () => simulation.aircall.requests.map(({ path }) => path);

describe('the availability of one agent', () => {
  const fetchAvailability = () =>
    createFetchAvailability(
      simulation.requestAircall,
      simulation.clock.now,
      800,
    )(userId(456), november + 60_000);

  it.each(words)('is what Aircall says now: %s', async (availability) => {
    simulation.aircall.addUser({ id: 456, name: 'Jane Doe', email: 'jane@example.com', availability });

    expect(await fetchAvailability()).toEqual({
      ok: true,
      value: { aircallUserId: 456, presence: availability, atMs: 1_763_851_200_000 },
    });
    expect(pathsAsked()).toEqual(['/v1/users/456/availability']);
  });

  it('is asked for once: a caller waits', async () => {
    simulation.aircall.failAlways(oneRoute, { kind: 'status', status: 429 });

    expect(await fetchAvailability()).toMatchObject({ ok: false, failure: { reason: 'rate-limited' } });
    expect(simulation.aircall.requests).toHaveLength(1);
  });

  it('is undefined where Aircall knows no such user', async () => {
    expect(await fetchAvailability()).toEqual({ ok: true, value: undefined });
  });

  it.each([
    { answer: 'a word we don’t know', body: { availability: 'on_a_break' } },
    { answer: 'a word of the other vocabulary', body: { availability: 'unavailable' } },
    { answer: 'no word', body: { availability: null } },
    { answer: 'a user', body: { user: { id: 456, availability: 'available' } } },
    { answer: 'nothing', body: undefined },
  ])('is unreadable-answer where the answer is $answer', async ({ body }) => {
    simulation.aircall.failNext(oneRoute, { kind: 'status', status: 200, body });

    expect(await fetchAvailability()).toEqual({
      ok: false,
      failure: {
        reason: 'unreadable-answer',
        message: 'GET /v1/users/:id/availability: no availability we know',
      },
    });
  });

  it('passes on what the request came to, without the agent’s id', async () => {
    simulation.aircall.failNext(oneRoute, { kind: 'status', status: 403 });

    expect(await fetchAvailability()).toEqual({
      ok: false,
      failure: { reason: 'forbidden', status: 403, message: 'GET /v1/users/:id/availability: 403' },
    });
  });
});

describe('the list of availabilities', () => {
  const listAvailabilities = () =>
    createListAvailabilities(simulation.requestAircall, simulation.clock, 5000)(november + 3_600_000);

  it('tells of every agent, each page as old as its own question', async () => {
    for (let id = 1; id <= 120; id += 1) {
      const availability = words[id % words.length] ?? 'available';
      simulation.aircall.addUser({ id, name: `User ${id}`, email: `user-${id}@example.com`, availability });
    }

    const { availabilities, unreadable, failure } = await listAvailabilities();

    expect([unreadable, failure]).toEqual([0, undefined]);
    expect(availabilities).toHaveLength(120);
    expect(availabilities[0]).toEqual({ aircallUserId: 1, presence: 'in_call', atMs: 1_763_851_200_000 });
    expect(availabilities[50]).toEqual({ aircallUserId: 51, presence: 'in_call', atMs: 1_763_851_201_000 });
    expect(availabilities[119]).toEqual({
      aircallUserId: 120,
      presence: 'available',
      atMs: 1_763_851_202_000,
    });
    expect(pathsAsked()).toEqual([
      '/v1/users/availabilities?per_page=50&page=1',
      '/v1/users/availabilities?per_page=50&page=2',
      '/v1/users/availabilities?per_page=50&page=3',
    ]);
  });

  it.each([
    { odd: { id: 457, availability: 'on_a_break' } },
    { odd: { id: 457, availability: 'custom' } },
    { odd: { id: 457 } },
    { odd: { id: '457', availability: 'available' } },
    { odd: { id: 0, availability: 'available' } },
    { odd: { availability: 'available' } },
    { odd: null },
    { odd: 'available' },
  ])('counts an entry it cannot read, and keeps the others: $odd', async ({ odd }) => {
    const body = {
      users: [{ id: 456, availability: 'available' }, odd, { id: 458, availability: 'offline' }],
      meta: { next_page_link: null },
    };
    simulation.aircall.failNext(listRoute, { kind: 'status', status: 200, body });

    expect(await listAvailabilities()).toStrictEqual({
      availabilities: [
        { aircallUserId: 456, presence: 'available', atMs: 1_763_851_200_000 },
        { aircallUserId: 458, presence: 'offline', atMs: 1_763_851_200_000 },
      ],
      unreadable: 1,
    });
  });

  it('is asked for a page a second, the time of the answer included', async () => {
    for (let id = 1; id <= 101; id += 1) {
      simulation.aircall.addUser({ id, name: 'Agent', email: `agent-${id}@example.com` });
    }
    const answerTimes = [300, 1200, 0];
    const slowly: typeof simulation.requestAircall = async (request) => {
      const answer = await simulation.requestAircall(request);
      await simulation.clock.sleep(answerTimes.shift() ?? 0);
      return answer;
    };
    await createListAvailabilities(slowly, simulation.clock, 800)(november + 60_000);
    expect(simulation.pauses).toEqual([300, 700, 1200, 0, 0]);
  });

  it('gives the pages before one that fails, and says that it failed', async () => {
    const body = {
      users: [{ id: 456, availability: 'available' }, 'odd'],
      meta: { next_page_link: 'there is more', total: 120 },
    };
    simulation.aircall.failNext(listRoute, { kind: 'status', status: 200, body });
    simulation.aircall.failNext(listRoute, { kind: 'status', status: 503 });

    expect(await listAvailabilities()).toEqual({
      availabilities: [{ aircallUserId: 456, presence: 'available', atMs: 1_763_851_200_000 }],
      unreadable: 1,
      failure: { reason: 'lost-answer', status: 503, message: 'GET /v1/users/availabilities: 503' },
    });
  });
});
