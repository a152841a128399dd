import { beforeEach, describe, expect, it } from 'vitest';
import type { CardFacts } from '../../lib/core/insight-card.ts';
import type { AircallFailure, AircallResult } from '../../lib/core/model.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import { createRatePause, type RatePause } from '../../lib/use-cases/rate-pause.ts';
import { createShowCard, type ShowCard } from '../../lib/use-cases/show-card.ts';
import { callId, contact, createClock, email, phone, t0 } from '../builders.ts';

const facts: CardFacts = {
  phone: phone('+442079460123'),
  contact: contact({ attributes: { tier: 'gold' } }),
  target: { kind: 'agent', email: email('jane@example.com'), because: 'assigned-agent' },
  considered: [],
};

let clock: ReturnType<typeof createClock>;
let ratePause: RatePause;
let shown: unknown[];
let warnings: unknown[];
let answer: () => AircallResult<void>;
let showCard: ShowCard;

beforeEach(() => {
  clock = createClock();
  ratePause = createRatePause(clock.now, 60_000);
  shown = [];
  warnings = [];
  answer = () => succeed(undefined);
  showCard = createShowCard(
    {
      showInsightCard: async (...given) => {
        shown.push(given);
        return answer();
      },
      ratePause,
      warn: (what, detail) => warnings.push([what, detail]),
      now: clock.now,
    },
    { cardNeedsMs: 300 },
  );
});

const show = (changes: Partial<CardFacts> = {}, leftMs = 1000) =>
  showCard(
    callId('812000001'),
    { ...facts, ...changes },
    { attributes: ['tier'], link: 'https://crm.example.com/{phone}' },
    clock.now() + leftMs,
  );

it('shows the card that the policy describes', async () => {
  await show();
  expect(shown).toEqual([
    [
      '812000001',
      {
        title: { text: 'Zoë Martin', link: 'https://crm.example.com/%2B442079460123' },
        lines: [
          { label: 'Company', text: 'Northwind Tea' },
          { label: 'tier', text: 'gold' },
          { label: 'Why you', text: 'You are the assigned agent.' },
        ],
      },
      t0 + 1000,
    ],
  ]);
  expect(warnings).toEqual([]);
});

describe('nothing is sent, and nobody told,', () => {
  it('where the policy wants no card', async () => {
    await showCard(callId('812000001'), facts, false, t0 + 1000);
    expect([shown, warnings]).toEqual([[], []]);
  });

  it('for a number: whoever answers it has no Aircall to see a card in', async () => {
    await show({ target: { kind: 'number', phone: phone('+33199000042'), because: 'policy-number' } });
    expect([shown, warnings]).toEqual([[], []]);
  });

  it('where too little time is left', async () => {
    await show({}, 299);
    expect([shown, warnings]).toEqual([[], []]);
    await show({}, 300);
    expect(shown).toHaveLength(1);
  });

  it('for a minute after a 429 that anybody met', async () => {
    ratePause.begin();
    clock.advance(59_999);
    await show();
    expect([shown, warnings]).toEqual([[], []]);
    clock.advance(1);
    await show();
    expect(shown).toHaveLength(1);
  });
});

describe('a failure', () => {
  const failure = (reason: AircallFailure['reason']) => () => fail({ reason, message: 'said so' });

  it('is warned of, and nothing else', async () => {
    answer = failure('lost-answer');
    await expect(show()).resolves.toBeUndefined();
    expect(warnings).toEqual([['insight-card-failed', { callId: '812000001', failure: 'said so' }]]);
    await show();
    expect(shown).toHaveLength(2);
  });

  it('for too many requests is one like any other', async () => {
    answer = failure('rate-limited');
    await show();
    expect(warnings).toEqual([['insight-card-failed', { callId: '812000001', failure: 'said so' }]]);
  });

  it.each([
    [new TypeError('Zoë Martin'), 'TypeError'],
    ['Zoë Martin', 'unknown'],
  ])('that nobody expected is one as well, told without a name', async (thrown, told) => {
    answer = () => {
      throw thrown;
    };
    await expect(show()).resolves.toBeUndefined();
    expect(warnings).toEqual([['insight-card-failed', { callId: '812000001', failure: told }]]);
  });
});
