/**
 * What an agent is shown of a call.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createShowInsightCard } from '../../../lib/adapters/aircall/insight-cards.ts';
import type { InsightCard } from '../../../lib/core/insight-card.ts';
import type { CallId } from '../../../lib/core/model.ts';
import type { Fault } from '../../../local/simulated-aircall.ts';
import { november, type Simulation, startSimulation } from './simulation.ts';

const route = 'POST /v1/calls/:id/insight_cards';
const card: InsightCard = {
  title: { text: 'Zoë Martin', link: 'https://crm.example.com/zoe' },
  lines: [{ label: 'Why you', text: 'You are the assigned agent.' }],
};

let simulation: Simulation;

beforeEach(async () => {
  simulation = await startSimulation();
  simulation.aircall.putCall({ id: '812000001' });
});

afterEach(() => simulation.aircall.close());

const show = (shown = card, id = '812000001', timeoutMs = 5000) =>
  createShowInsightCard(simulation.requestAircall, timeoutMs)(id as CallId, shown, november + 60_000);

describe('an insight card', () => {
  it('is shown as a title and lines of text', async () => {
    expect(await show()).toEqual({ ok: true, value: undefined });
    expect(simulation.aircall.insightCards).toEqual([
      {
        callId: '812000001',
        contents: [
          { type: 'title', text: 'Zoë Martin', link: 'https://crm.example.com/zoe' },
          { type: 'shortText', label: 'Why you', text: 'You are the assigned agent.' },
        ],
        atMs: 1_763_851_200_000,
      },
    ]);
  });

  it('without a link or lines is shown all the same', async () => {
    expect(await show({ title: { text: '+442079460123' }, lines: [] })).toMatchObject({ ok: true });
    expect(simulation.aircall.insightCards.map(({ contents }) => contents)).toEqual([
      [{ type: 'title', text: '+442079460123' }],
    ]);
  });

  it.each<Fault>([{ kind: 'garbage' }, { kind: 'status', status: 200, body: {} }])(
    'is shown where the answer is $kind: its status counts',
    async (fault) => {
      simulation.aircall.failNext(route, fault);
      expect(await show()).toEqual({ ok: true, value: undefined });
    },
  );

  it.each<[string, Fault, string]>([
    ['a 429', { kind: 'status', status: 429 }, 'rate-limited'],
    ['a 500', { kind: 'status', status: 500 }, 'lost-answer'],
    ['silence', { kind: 'hang' }, 'no-answer'],
    ['a reset', { kind: 'reset-before-work' }, 'lost-answer'],
  ])('that met %s is not sent again', async (_, fault, reason) => {
    simulation.aircall.failNext(route, fault);
    expect(await show(card, '812000001', fault.kind === 'hang' ? 200 : 5000)).toMatchObject({
      ok: false,
      failure: { reason },
    });
    expect(simulation.aircall.requests).toHaveLength(1);
    expect(simulation.pauses).toEqual([]);
  });

  it('of a call that Aircall does not know is not-found, told without a word of the card', async () => {
    expect(await show(card, '812000002')).toEqual({
      ok: false,
      failure: { reason: 'not-found', status: 404, message: 'POST /v1/calls/:id/insight_cards: 404' },
    });
  });
});
