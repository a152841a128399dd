/**
 * Aircall's users as our agents: one by e-mail, and all of them page by page.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFetchUser, createListUsers } from '../../../lib/adapters/aircall/users.ts';
import type { EmailAddress } from '../../../lib/core/model.ts';
import { type Fault, startSimulatedAircall } from '../../../local/simulated-aircall.ts';
import { credentials, november, type Simulation, startSimulation } from './simulation.ts';

const userRoute = 'GET /v2/users/:id';
const usersRoute = 'GET /v2/users';

let simulation: Simulation;

beforeEach(async () => {
  simulation = await startSimulation();
});

afterEach(() => simulation.aircall.close());

const pathsAsked = () => simulation.aircall.requests.map(({ path }) => path);

describe('a user by e-mail', () => {
  const fetchUser = (email: string) =>
    createFetchUser(simulation.requestAircall, 5000)(email as EmailAddress, november + 60_000);

  it('is found, with the @ as it is', async () => {
    simulation.aircall.addUser({ id: 456, name: 'Jane Doe', email: 'jane@example.com' });

    expect(await fetchUser('jane@example.com')).toEqual({
      ok: true,
      value: { aircallUserId: 456, email: 'jane@example.com', name: 'Jane Doe' },
    });
    expect(pathsAsked()).toEqual(['/v2/users/jane@example.com']);
  });

  it.each([
    { email: 'jane+vip@example.com', path: '/v2/users/jane%2Bvip@example.com' },
    { email: 'j%40ne@example.com', path: '/v2/users/j%2540ne@example.com' },
    { email: 'jane&doe=1;x@example.com', path: '/v2/users/jane%26doe%3D1%3Bx@example.com' },
    { email: 'zoë@example.com', path: '/v2/users/zo%C3%AB@example.com' },
    { email: '..@example.com', path: '/v2/users/..@example.com' },
  ])('is found as $email at $path', async ({ email, path }) => {
    simulation.aircall.addUser({ id: 457, name: 'Odd', email });

    expect(await fetchUser(email)).toEqual({ ok: true, value: { aircallUserId: 457, email, name: 'Odd' } });
    expect(pathsAsked()).toEqual([path]);
  });

  it('is found where Aircall writes the address in capitals', async () => {
    simulation.aircall.addUser({ id: 456, name: 'Jane Doe', email: 'Jane@Example.COM' });

    expect(await fetchUser('jane@example.com')).toMatchObject({
      ok: true,
      value: { aircallUserId: 456, email: 'jane@example.com' },
    });
  });

  it('is undefined where Aircall knows nobody by it', async () => {
    expect(await fetchUser('nobody@example.com')).toEqual({ ok: true, value: undefined });
  });

  it.each([null, 42, undefined])('is found with %j for a name, and goes without', async (name) => {
    const body = { user: { id: 456, email: 'jane@example.com', name } };
    simulation.aircall.failNext(userRoute, { kind: 'status', status: 200, body });

    expect(await fetchUser('jane@example.com')).toStrictEqual({
      ok: true,
      value: { aircallUserId: 456, email: 'jane@example.com' },
    });
  });

  it.each([
    { wrap_up_time: 30, wrapUp: { wrapUpSeconds: 30 } },
    { wrap_up_time: 0, wrapUp: {} },
    { wrap_up_time: -1, wrapUp: {} },
    { wrap_up_time: '30', wrapUp: {} },
    { wrap_up_time: null, wrapUp: {} },
  ])('is found with their wrap-up of $wrap_up_time', async ({ wrap_up_time, wrapUp }) => {
    const body = { user: { id: 456, email: 'jane@example.com', wrap_up_time } };
    simulation.aircall.failNext(userRoute, { kind: 'status', status: 200, body });

    expect(await fetchUser('jane@example.com')).toStrictEqual({
      ok: true,
      value: { aircallUserId: 456, email: 'jane@example.com', ...wrapUp },
    });
  });

  it.each([
    { answer: 'another user', body: { user: { id: 457, email: 'sam@example.com', name: 'Sam' } } },
    { answer: 'a user without an e-mail', body: { user: { id: 456, name: 'Jane Doe' } } },
    { answer: 'a user without an id', body: { user: { email: 'jane@example.com' } } },
    { answer: 'an id in quotes', body: { user: { id: '456', email: 'jane@example.com' } } },
    { answer: 'the id 0', body: { user: { id: 0, email: 'jane@example.com' } } },
    { answer: 'a user not wrapped in user', body: { id: 456, email: 'jane@example.com' } },
    { answer: 'a list', body: { users: [] } },
    { answer: 'nothing', body: undefined },
  ])('is unreadable-answer where the answer is $answer', async ({ body }) => {
    simulation.aircall.failNext(userRoute, { kind: 'status', status: 200, body });

    expect(await fetchUser('jane@example.com')).toEqual({
      ok: false,
      failure: { reason: 'unreadable-answer', message: 'GET /v2/users/:email: not that user' },
    });
  });

  it('passes on what the request came to', async () => {
    simulation.aircall.failNext(userRoute, { kind: 'status', status: 403 });

    expect(await fetchUser('jane@example.com')).toEqual({
      ok: false,
      failure: { reason: 'forbidden', status: 403, message: 'GET /v2/users/:email: 403' },
    });
  });
});

describe('the list of users', () => {
  const listUsers = (deadlineMs = november + 3_600_000) =>
    createListUsers(simulation.requestAircall, simulation.clock, 5000)(deadlineMs);

  const page = (users: unknown, nextPageLink: unknown = null): Fault => ({
    kind: 'status',
    status: 200,
    body: { users, meta: { next_page_link: nextPageLink } },
  });
  const jane = { id: 456, email: 'Jane@example.com', name: 'Jane Doe' };

  function addUsers(howMany: number): void {
    for (let id = 1; id <= howMany; id += 1) {
      simulation.aircall.addUser({ id, name: `User ${id}`, email: `user-${id}@example.com` });
    }
  }

  it('is read in pages of 50, a second apart: 120 users in 3 requests', async () => {
    addUsers(120);

    const listed = await listUsers();

    expect(listed).toMatchObject({ unreadable: 0 });
    expect(listed.failure).toBeUndefined();
    expect(listed.users).toHaveLength(120);
    expect(listed.users.at(-1)).toEqual({
      aircallUserId: 120,
      email: 'user-120@example.com',
      name: 'User 120',
    });
    expect(pathsAsked()).toEqual([
      '/v2/users?per_page=50&page=1',
      '/v2/users?per_page=50&page=2',
      '/v2/users?per_page=50&page=3',
    ]);
    expect(simulation.pauses).toEqual([1000, 1000]);
  });

  it.each([
    { users: 0, requests: 1 },
    { users: 50, requests: 1 },
    { users: 51, requests: 2 },
  ])('takes $requests requests for $users users', async ({ users, requests }) => {
    addUsers(users);

    const listed = await listUsers();

    expect([listed.users.length, listed.unreadable, listed.failure]).toEqual([users, 0, undefined]);
    expect(pathsAsked()).toHaveLength(requests);
  });

  it('misses whom the deletion of another moved between two pages, and says so', async () => {
    addUsers(60);
    const sleep = async () => simulation.aircall.removeUser(1);
    const clock = { ...simulation.clock, sleep };

    const listed = await createListUsers(simulation.requestAircall, clock, 5000)(november + 3_600_000);
    expect([listed.users.length, listed.unreadable]).toEqual([59, 1]);
  });

  it('gives addresses in lower case', async () => {
    simulation.aircall.failNext(usersRoute, page([jane]));

    expect(await listUsers()).toStrictEqual({
      users: [{ aircallUserId: 456, email: 'jane@example.com', name: 'Jane Doe' }],
      unreadable: 0,
    });
  });

  it.each([
    { odd: null },
    { odd: 'jane' },
    { odd: [] },
    { odd: { id: '457', email: 'sam@example.com' } },
    { odd: { id: -1, email: 'sam@example.com' } },
    { odd: { id: 4.5, email: 'sam@example.com' } },
    { odd: { id: 457 } },
    { odd: { id: 457, email: 'sam' } },
    { odd: { id: 457, email: null } },
  ])('counts a user it cannot read, and keeps the others: $odd', async ({ odd }) => {
    simulation.aircall.failNext(usersRoute, page([jane, odd, { ...jane, id: 458 }]));

    const listed = await listUsers();

    expect(listed.unreadable).toBe(1);
    expect(listed.users.map(({ aircallUserId }) => aircallUserId)).toEqual([456, 458]);
  });

  it.each([
    { answer: 'an array', body: [] },
    { answer: 'without users', body: { meta: { next_page_link: null } } },
    { answer: 'with users that are no list', body: { users: {}, meta: { next_page_link: null } } },
    { answer: 'without meta', body: { users: [] } },
    { answer: 'with a meta of null', body: { users: [], meta: null } },
    { answer: 'with a link that is no text', body: { users: [], meta: { next_page_link: 2 } } },
    { answer: 'nothing', body: undefined },
  ])('is unreadable-answer where a page is $answer: no half list passes for a whole', async ({ body }) => {
    addUsers(51);
    simulation.aircall.failNext(usersRoute, page([jane], 'there is more'));
    simulation.aircall.failNext(usersRoute, { kind: 'status', status: 200, body });

    expect(await listUsers()).toEqual({
      users: [{ aircallUserId: 456, email: 'jane@example.com', name: 'Jane Doe' }],
      unreadable: 0,
      failure: { reason: 'unreadable-answer', message: 'GET /v2/users: not a list' },
    });
  });

  it.each(['', undefined])('ends at a next_page_link of %j', async (link) => {
    simulation.aircall.failNext(usersRoute, page([jane], link));

    const { users, failure } = await listUsers();
    expect([users.length, failure]).toEqual([1, undefined]);
    expect(pathsAsked()).toHaveLength(1);
  });

  it('never follows a link to another host: that would carry the credentials there', async () => {
    const elsewhere = await startSimulatedAircall(credentials);
    simulation.aircall.failNext(usersRoute, page([jane], `${elsewhere.url}/v2/users?page=2`));

    await listUsers();

    expect(elsewhere.requests).toEqual([]);
    expect(pathsAsked()).toEqual(['/v2/users?per_page=50&page=1', '/v2/users?per_page=50&page=2']);
    await elsewhere.close();
  });

  it('gives the pages before one that fails, and says that it failed', async () => {
    const first = { users: [jane, 'odd'], meta: { next_page_link: 'there is more', total: 120 } };
    simulation.aircall.failNext(usersRoute, { kind: 'status', status: 200, body: first });
    simulation.aircall.failNext(usersRoute, { kind: 'status', status: 503 });

    expect(await listUsers()).toEqual({
      users: [{ aircallUserId: 456, email: 'jane@example.com', name: 'Jane Doe' }],
      unreadable: 1,
      failure: { reason: 'lost-answer', status: 503, message: 'GET /v2/users: 503' },
    });
  });

  it('stops at the deadline', async () => {
    addUsers(120);

    const { users, failure } = await listUsers(november + 2000);
    expect(users).toHaveLength(100);
    expect(failure).toEqual({ reason: 'out-of-time', message: 'GET /v2/users: no time left to ask' });
    expect(pathsAsked()).toHaveLength(2);
  });

  it('gives up on a list that goes in circles, after 1000 pages', async () => {
    simulation.aircall.failAlways(usersRoute, page([jane], '/v2/users?page=1'));

    expect((await listUsers()).failure).toEqual({
      reason: 'unreadable-answer',
      message: 'GET /v2/users: the list does not end',
    });
    expect(pathsAsked()).toHaveLength(1000);
  });
});
