/** `GET /v1/calls` of the simulated Aircall. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type SimulatedAircall, startSimulatedAircall } from '../../local/simulated-aircall.ts';

const november = 1_763_851_200;
let aircall: SimulatedAircall;

beforeEach(async () => {
  const nowMs = november * 1000;
  aircall = await startSimulatedAircall({ apiId: 'id', apiToken: 'secret', now: () => nowMs });
});
afterEach(() => aircall.close());

async function list(query: string) {
  const authorization = `Basic ${Buffer.from('id:secret').toString('base64')}`;
  const response = await fetch(`${aircall.url}/v1/calls?${query}`, { headers: { authorization } });
  const { calls, meta } = (await response.json()) as { calls: { id: number }[]; meta: object };
  return { ids: calls.map(({ id }) => id), meta };
}
const putCall = (id: number, startedAtSeconds: number) =>
  aircall.putCall({ id: String(id), startedAtSeconds });

it('lists calls in order of time, either way, page by page', async () => {
  putCall(3, november - 1);
  putCall(1, november - 3);
  putCall(2, november - 2);
  expect((await list('')).ids).toEqual([1, 2, 3]);
  expect((await list('order=desc')).ids).toEqual([3, 2, 1]);
  expect(await list('per_page=2&page=2')).toEqual({
    ids: [3],
    meta: {
      count: 1,
      total: 3,
      current_page: 2,
      per_page: 2,
      next_page_link: null,
      previous_page_link: `${aircall.url}/v1/calls?order=asc&page=1&per_page=2`,
    },
  });
});

it('lists those of a span, both ends included', async () => {
  for (const id of [1, 2, 3, 4]) putCall(id, november + id);
  expect((await list(`from=${november + 2}&to=${november + 3}`)).ids).toEqual([2, 3]);
});

it('prints a call as when it is read by itself', async () => {
  putCall(1, november);
  const headers = { authorization: `Basic ${Buffer.from('id:secret').toString('base64')}` };
  const read = async (path: string) =>
    (await fetch(aircall.url + path, { headers })).json() as Promise<{ call?: object; calls?: object[] }>;
  expect((await read('/v1/calls')).calls).toEqual([(await read('/v1/calls/1')).call]);
});

it('counts no further than ten thousand', async () => {
  for (let id = 1; id <= 10_001; id += 1) putCall(id, november + id);
  expect((await list('per_page=50&page=200')).ids.at(-1)).toBe(10_000);
  expect(await list('per_page=50&page=201')).toMatchObject({ ids: [], meta: { next_page_link: null } });
  expect((await list('order=desc&per_page=1')).ids).toEqual([10_001]);
});
