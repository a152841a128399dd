/** Insight cards in a call's story: posted over HTTP, as any client's. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createManualScheduler } from '../../../local/simulated-aircall/scheduler.ts';
import { type SimulatedAircall, startSimulatedAircall } from '../../../local/simulated-aircall.ts';

const START_MS = 1_763_851_200_000;
const CREDENTIAL = `Basic ${Buffer.from('id:secret').toString('base64')}`;
const CARD = [
  { type: 'title', text: 'Zoë Martin' },
  { type: 'shortText', label: 'Company', text: 'Northwind Tea' },
];
let aircall: SimulatedAircall;

beforeEach(async () => {
  aircall = await startSimulatedAircall({
    apiId: 'id',
    apiToken: 'secret',
    scheduler: createManualScheduler(START_MS),
    users: [
      { id: 456, name: 'Jane Doe', email: 'jane@example.com' },
      { id: 457, name: 'Jan de Vries', email: 'jan@example.com' },
    ],
  });
});
afterEach(() => aircall.close());

async function showCard(callId: string, contents: unknown = CARD): Promise<number> {
  const { status } = await fetch(`${aircall.url}/v1/calls/${callId}/insight_cards`, {
    method: 'POST',
    headers: { authorization: CREDENTIAL },
    body: JSON.stringify({ contents }),
  });
  return status;
}
const place = (distribution: readonly number[]) =>
  aircall.telephone.placeCall({ from: '+44 20 7946 0123', callId: '812000001', distribution });
const cards = () => aircall.telephone.story('812000001').filter(({ kind }) => kind === 'card');

it('tells who is shown what', async () => {
  place([456]);
  expect(await showCard('812000001')).toBe(204);
  expect(cards()).toEqual([
    {
      callId: '812000001',
      atMs: START_MS,
      kind: 'card',
      from: '+44 20 7946 0123',
      agent: { userId: 456, name: 'Jane Doe' },
      card: CARD,
    },
  ]);
});

it.each<[string, readonly number[], readonly number[], readonly (number | undefined)[]]>([
  ['everybody whose phone rings', [456, 457], [], [456, 457]],
  ['who answered, and nobody else', [456, 457], [457], [457]],
  ['nobody where no phone rings', [], [], [undefined]],
])('is for %s', async (_, distribution, answering, seeing) => {
  place(distribution);
  for (const userId of answering) aircall.telephone.answer('812000001', userId);
  await showCard('812000001');
  expect(cards().map(({ agent }) => agent?.userId)).toEqual(seeing);
});

it('tells nothing of a card that was refused, or of a call that did not come in by telephone', async () => {
  place([456]);
  aircall.putCall({ id: '4711' });
  expect(await showCard('812000001', [])).toBe(400);
  expect(await showCard('4711')).toBe(204);
  expect(cards()).toEqual([]);
  expect(aircall.telephone.story('4711')).toEqual([]);
});
