import { expect, it } from 'vitest';
import { createTraffic } from '../../bench/traffic.ts';
import { readSampleEvents } from '../../local/sample-events.ts';

function take(count: number) {
  const traffic = createTraffic(2000);
  return Array.from({ length: count }, () => traffic.next().value);
}

it('mixes calls, duplicates, ends of calls and every sample, the refused ones too', () => {
  const kinds = take(400).map(({ kind }) => kind);
  const countOf = (wanted: string) => kinds.filter((kind) => kind === wanted).length;

  expect(countOf('duplicate')).toBe(40);
  expect(countOf('sample') + countOf('refused')).toBe(200);
  expect(countOf('refused')).toBeGreaterThan(5);
  expect(countOf('end of a call')).toBeGreaterThan(10);
  expect(readSampleEvents().length).toBeLessThan(200);
});

it('announces a call again exactly as it was', () => {
  const traffic = take(10);
  const duplicate = traffic.find(({ kind }) => kind === 'duplicate');
  const bodies = traffic.filter(({ kind }) => kind === 'call').map(({ body }) => body);
  expect(bodies).toContain(duplicate?.body);
});

it('ends calls that were announced', () => {
  const traffic = take(400);
  const announced = traffic.flatMap(({ kind, callId }) => (kind === 'call' ? (callId ?? []) : []));
  const ended = traffic
    .filter(({ kind }) => kind === 'end of a call')
    .map(({ body }) => String(JSON.parse(body).data.id));
  expect(announced).toEqual(expect.arrayContaining(ended));
});

it('knows what each has to be answered with', () => {
  const statuses = new Set(take(400).map(({ expectedStatus }) => expectedStatus));
  expect([...statuses].toSorted()).toEqual([200, 400, 401]);
});
