import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyPresence,
  type CallNews,
  nothingHeard,
  type Presence,
  type PresenceFact,
  type PresenceState,
  readPresence,
} from '../../lib/core/presence.ts';
import { callId, t0 } from '../builders.ts';

type EventName = Exclude<PresenceFact, { callId: unknown } | { presence: unknown }>['kind'];

/** Times in seconds after `t0`; Aircall's are whole. */
const at = (seconds: number) => t0 + seconds * 1000;
const event = (kind: EventName, seconds: number): PresenceFact => ({ kind, atMs: at(seconds) });
const callNews = (kind: CallNews) => (id: string, seconds: number, toldSeconds?: number) => ({
  kind,
  callId: callId(id),
  atMs: at(seconds),
  ...(toldSeconds !== undefined && { toldAtMs: at(toldSeconds) }),
});
const dialled = callNews('call-dialled');
const answered = callNews('call-answered');
const handedOver = callNews('call-handed-over');
const over = callNews('call-over');
const checked = (presence: Presence, seconds: number): PresenceFact => ({
  kind: 'checked',
  presence,
  atMs: at(seconds),
});

const stateAfter = (...facts: PresenceFact[]): PresenceState => facts.reduce(applyPresence, nothingHeard);
const reading = (...facts: PresenceFact[]) => readPresence(stateAfter(...facts), false);
const presence = (...facts: PresenceFact[]) => reading(...facts)?.presence;
const readingWithWrapUp = (...facts: PresenceFact[]) => readPresence(stateAfter(...facts), true);
const free = [event('connected', 0), event('opened', 0)];

describe('events alone', () => {
  it.each<[string, PresenceFact[], Presence | undefined]>([
    ['nothing heard', [], undefined],
    ['workspace open and taking calls', [event('connected', 1), event('opened', 2)], 'available'],
    ['taking calls, with the workspace unknown', [event('opened', 1)], undefined],
    ['workspace open, with the choice unknown', [event('connected', 1)], undefined],
    ['workspace closed', [event('disconnected', 1)], 'offline'],
    ['workspace closed later', [...free, event('disconnected', 1)], 'offline'],
    ['workspace open again', [...free, event('disconnected', 1), event('connected', 2)], 'available'],
    ['taking no calls', [event('closed', 1)], 'do_not_disturb'],
    ['taking no calls any more', [...free, event('closed', 1)], 'do_not_disturb'],
    ['taking calls again', [...free, event('closed', 1), event('opened', 2)], 'available'],
    ['neither there nor taking calls', [event('disconnected', 1), event('closed', 2)], 'offline'],
    ['wrapping up', [event('wrap-up-started', 1)], 'after_call_work'],
    [
      'wrapping up, and taking no calls afterwards',
      [event('wrap-up-started', 1), event('closed', 2)],
      'after_call_work',
    ],
    ['gone in the middle of wrapping up', [event('wrap-up-started', 1), event('disconnected', 2)], 'offline'],
    ['done with wrapping up', [...free, event('wrap-up-started', 1), event('wrap-up-ended', 2)], 'available'],
    ['done with wrapping up, the rest unknown', [event('wrap-up-ended', 2)], undefined],
    ['rung, the rest unknown', [event('ringing', 1)], undefined],
    ['rung while taking no calls', [...free, event('closed', 1), event('ringing', 2)], 'do_not_disturb'],
  ])('%s', (_, facts, expected) => {
    expect(presence(...facts)).toBe(expected);
  });

  it.each<[string, PresenceFact[], Presence]>([
    ['closed and open', [event('disconnected', 5), event('connected', 5), event('opened', 1)], 'offline'],
    [
      'taking calls and not',
      [event('connected', 1), event('opened', 5), event('closed', 5)],
      'do_not_disturb',
    ],
    [
      'wrap-up begun and ended',
      [...free, event('wrap-up-started', 5), event('wrap-up-ended', 5)],
      'available',
    ],
  ])('of one second: %s', (_, facts, expected) => {
    expect(presence(...facts)).toBe(expected);
    expect(presence(...facts.toReversed())).toBe(expected);
  });
});

describe('calls', () => {
  it.each<[string, PresenceFact[], Presence | undefined]>([
    ['answered', [...free, answered('1', 5)], 'in_call'],
    ['answered, the rest unknown', [answered('1', 5)], 'in_call'],
    ['answered, and the workspace closed meanwhile', [answered('1', 5), event('disconnected', 6)], 'in_call'],
    ['over', [...free, answered('1', 5), over('1', 9)], 'available'],
    ['over, the rest unknown', [answered('1', 5), over('1', 9)], undefined],
    ['over, announced twice', [...free, answered('1', 5), over('1', 9), over('1', 9)], 'available'],
    ['over before it is announced', [...free, over('1', 9), answered('1', 5)], 'available'],
    ['over in the second of its answer', [...free, answered('1', 5), over('1', 5)], 'available'],
    ['the older one over, late', [...free, answered('1', 5), answered('2', 10), over('1', 9)], 'in_call'],
    ['the older one over, later', [...free, answered('1', 5), answered('2', 10), over('1', 12)], 'in_call'],
    ['the older one still on', [...free, answered('1', 5), answered('2', 6), over('2', 9)], 'in_call'],
    ['both over', [...free, answered('1', 5), over('1', 9), answered('2', 10), over('2', 12)], 'available'],
    [
      'answered again after it was over',
      [...free, answered('1', 5), over('1', 9), answered('1', 10)],
      'in_call',
    ],
  ])('%s', (_, facts, expected) => {
    expect(presence(...facts)).toBe(expected);
  });

  it.each<[string, PresenceFact[], Presence]>([
    ['dialled', [...free, dialled('1', 5)], 'in_call'],
    ['dialled, and over before anybody answered', [...free, dialled('1', 5), over('1', 9)], 'available'],
    ['dialled and answered', [...free, dialled('1', 5), answered('1', 9)], 'in_call'],
    ['dialled, answered and over', [...free, dialled('1', 5), answered('1', 9), over('1', 12)], 'available'],
    ['handed over', [...free, answered('1', 5), handedOver('1', 9)], 'available'],
    [
      'dialled and handed over',
      [...free, dialled('1', 5), answered('1', 6), handedOver('1', 9)],
      'available',
    ],
    ['handed over in the second of its answer', [...free, answered('1', 5), handedOver('1', 5)], 'available'],
    [
      'handed over in vain',
      [...free, dialled('1', 1), answered('1', 5), handedOver('1', 9), answered('1', 10)],
      'in_call',
    ],
    [
      'over after it was handed over in vain',
      [...free, answered('1', 5), handedOver('1', 9), answered('1', 10), over('1', 12)],
      'available',
    ],
    [
      'handed over in vain, while a check finds the agent in a call',
      [...free, handedOver('1', 9), checked('in_call', 9), answered('1', 10)],
      'in_call',
    ],
  ])('%s', (_, facts, expected) => {
    expect(presence(...facts)).toBe(expected);
    expect(presence(...facts.toReversed())).toBe(expected);
  });

  it.each<[string, PresenceFact[], Presence]>([
    ['over, its answer told when it was', [...free, answered('1', 7, 10), over('1', 9, 40)], 'available'],
    [
      'over, its answer dated later than its end',
      [...free, answered('1', 10), over('1', 9, 40)],
      'available',
    ],
    ['over, told in the second of an answer', [...free, answered('1', 10), over('1', 9, 10)], 'available'],
    ['over, its end dated ahead of its answer', [...free, answered('1', 5), over('1', 12, 5)], 'available'],
    ['answered after an end that was told before', [...free, over('1', 12, 5), answered('1', 6)], 'in_call'],
    ['answered, and an older call over since', [...free, answered('2', 10), over('1', 9, 40)], 'in_call'],
    ['answered before a check, told after it', [checked('available', 9), answered('1', 8, 10)], 'available'],
    ['found by a check, and an older one over since', [checked('in_call', 10), over('1', 9, 40)], 'in_call'],
  ])('of one call the younger telling counts, as of when it happened: %s', (_, facts, expected) => {
    expect(presence(...facts)).toBe(expected);
    expect(presence(...facts.toReversed())).toBe(expected);
  });

  it('of two ends told at once the earlier counts: the later one is but the time of the telling', () => {
    const facts = [...free, answered('1', 5), over('1', 40), over('1', 9, 40)];
    expect(reading(...facts)?.sinceMs).toBe(at(9));
    expect(reading(...facts.toReversed())?.sinceMs).toBe(at(9));
  });

  it('are over once wrap-up has begun', () => {
    expect(presence(...free, answered('1', 5), event('wrap-up-started', 6))).toBe('after_call_work');
    expect(presence(...free, answered('1', 5), event('wrap-up-started', 6), event('wrap-up-ended', 9))).toBe(
      'available',
    );
  });

  it('may be answered in wrap-up, and in the second it begins', () => {
    expect(presence(...free, event('wrap-up-started', 6), answered('2', 6))).toBe('in_call');
    expect(presence(...free, event('wrap-up-started', 6), answered('2', 7))).toBe('in_call');
  });
});

describe('the end of a call of an agent with wrap-up', () => {
  const checks: Presence[] = ['available', 'in_call', 'after_call_work', 'do_not_disturb', 'offline'];

  it.each<[string, PresenceFact[], Presence | undefined]>([
    ['begins it', [...free, answered('1', 5), over('1', 9)], 'after_call_work'],
    ['begins it, the rest unknown', [answered('1', 5), over('1', 9)], 'after_call_work'],
    ['begins it, by handing over', [...free, answered('1', 5), handedOver('1', 9)], 'after_call_work'],
    ['begins it in the second of the answer', [...free, answered('1', 5), over('1', 5)], 'after_call_work'],
    [
      'begins it where they dialled',
      [...free, dialled('1', 4), answered('1', 5), over('1', 9)],
      'after_call_work',
    ],
    [
      'begins none where nobody answered what they dialled',
      [...free, dialled('1', 5), over('1', 9)],
      'available',
    ],
    ['begins none where they only were rung', [...free, event('ringing', 5), over('1', 9)], 'available'],
    ['begins none where they hand over what they never had', [...free, handedOver('1', 9)], 'available'],
    ['begins none before it comes', [...free, answered('1', 5)], 'in_call'],
    ['begins none by that of another call', [...free, answered('1', 5), over('2', 9)], 'in_call'],
    [
      'begins none while another is on',
      [...free, answered('1', 5), answered('2', 6), over('1', 9)],
      'in_call',
    ],
    [
      'begins it though it was answered in wrap-up',
      [...free, event('wrap-up-started', 5), answered('1', 5), over('1', 9)],
      'after_call_work',
    ],
    [
      'is borne out',
      [...free, answered('1', 5), over('1', 9), event('wrap-up-started', 9)],
      'after_call_work',
    ],
    [
      'is over with it',
      [...free, answered('1', 5), over('1', 9), event('wrap-up-started', 9), event('wrap-up-ended', 20)],
      'available',
    ],
    [
      'is over with it, its beginning lost',
      [...free, answered('1', 5), over('1', 9), event('wrap-up-ended', 20)],
      'available',
    ],
    [
      'is over in its second',
      [...free, answered('1', 5), over('1', 9), event('wrap-up-ended', 9)],
      'available',
    ],
    [
      'is not over with an earlier one',
      [...free, event('wrap-up-ended', 8), answered('1', 5), over('1', 9)],
      'after_call_work',
    ],
    [
      'that is dated later than the wrap-up it began begins no second one',
      [...free, answered('1', 5), event('wrap-up-started', 9), event('wrap-up-ended', 10), over('1', 11)],
      'available',
    ],
    [
      'that was handed over begins no second one',
      [...free, answered('1', 5), handedOver('1', 9), event('wrap-up-ended', 20), over('1', 60)],
      'available',
    ],
    [
      'that was handed over in vain begins it then',
      [
        ...free,
        answered('1', 5),
        handedOver('1', 9),
        event('wrap-up-ended', 10),
        answered('1', 11),
        over('1', 60),
      ],
      'after_call_work',
    ],
    [
      'that a check did not find begins none',
      [...free, answered('1', 5), checked('available', 30), over('1', 60)],
      'available',
    ],
    [
      'that a check found begins it',
      [...free, answered('1', 5), checked('in_call', 30), over('1', 60)],
      'after_call_work',
    ],
    [
      'that a check found, and nobody told of, begins none',
      [...free, checked('in_call', 30), over('1', 60)],
      'available',
    ],
    [
      'that nobody told the answer of begins none, whatever became of another',
      [...free, answered('1', 5), checked('in_call', 30), over('2', 60)],
      'available',
    ],
    [
      'is not what those see who left',
      [...free, answered('1', 5), over('1', 9), event('disconnected', 10)],
      'offline',
    ],
    [
      'says nothing of the next call',
      [...free, answered('1', 5), over('1', 9), answered('2', 10)],
      'in_call',
    ],
    [
      'begins one after another',
      [...free, answered('1', 5), over('1', 9), event('wrap-up-ended', 10), answered('2', 11), over('2', 12)],
      'after_call_work',
    ],
  ])('%s', (_, facts, expected) => {
    expect(readingWithWrapUp(...facts)?.presence).toBe(expected);
    expect(readingWithWrapUp(...facts.toReversed())?.presence).toBe(expected);
  });

  it.each(checks)('gives way to a check that is younger: %s', (word) => {
    expect(readingWithWrapUp(...free, answered('1', 5), over('1', 9), checked(word, 10))?.presence).toBe(
      word,
    );
  });

  it.each(checks)('is younger than a check of its second: %s', (word) => {
    const facts = [...free, checked(word, 9.5), answered('1', 9), over('1', 9)];
    const expected = word === 'offline' ? 'offline' : 'after_call_work';
    expect(readingWithWrapUp(...facts)?.presence).toBe(expected);
  });

  it('dates it, until its beginning is told', () => {
    const facts = [...free, answered('1', 5), over('1', 9, 40)];
    expect(readingWithWrapUp(...facts)).toEqual({
      presence: 'after_call_work',
      sinceMs: 1763851209000,
      knownAtMs: 1763851209000,
      source: 'event',
    });
    expect(readingWithWrapUp(...facts, event('wrap-up-started', 10))?.sinceMs).toBe(at(10));
  });

  it('leaves whoever has none free', () => {
    expect(presence(...free, answered('1', 5), over('1', 9))).toBe('available');
  });
});

describe('a check', () => {
  const all: Presence[] = ['available', 'in_call', 'after_call_work', 'do_not_disturb', 'offline'];
  const history = [
    event('connected', 1),
    event('disconnected', 2),
    event('opened', 1),
    event('closed', 2),
    event('wrap-up-ended', 3),
    event('wrap-up-started', 4),
    answered('1', 5),
    answered('2', 6),
    over('2', 7),
  ];

  it.each(all)('overrides all that is older, checks and phantom calls included: %s', (word) => {
    const older = all.map((other, index) => checked(other, 10 + index));
    expect(presence(...history, ...older, checked(word, 20))).toBe(word);
    expect(presence(checked(word, 20), ...older, ...history)).toBe(word);
  });

  it.each<[string, PresenceFact[], Presence | undefined]>([
    ['answering', [checked('available', 10), answered('1', 11)], 'in_call'],
    ['leaving', [checked('available', 10), event('disconnected', 11)], 'offline'],
    ['closing', [checked('available', 10), event('closed', 11)], 'do_not_disturb'],
    ['opening', [checked('do_not_disturb', 10), event('opened', 11)], 'available'],
    ['coming, with a choice unknown', [checked('offline', 10), event('connected', 11)], undefined],
    [
      'coming, after the choice was seen',
      [checked('available', 5), checked('offline', 10), event('connected', 11)],
      'available',
    ],
    [
      'coming, after the choice was told',
      [event('closed', 5), checked('offline', 10), event('connected', 11)],
      'do_not_disturb',
    ],
    [
      'the end of wrap-up',
      [event('opened', 5), checked('after_call_work', 10), event('wrap-up-ended', 11)],
      'available',
    ],
    ['the end of the call', [event('opened', 5), checked('in_call', 10), over('1', 11)], 'available'],
    [
      'wrap-up after the call',
      [event('opened', 5), checked('in_call', 10), event('wrap-up-started', 11)],
      'after_call_work',
    ],
    ['the end of the call, the choice unknown', [checked('in_call', 10), over('1', 11)], undefined],
    ['the end of an older call, late', [checked('in_call', 10), over('1', 9)], 'in_call'],
    ['another call', [checked('in_call', 10), answered('2', 11)], 'in_call'],
    [
      'another call and its end',
      [event('opened', 5), checked('in_call', 10), answered('2', 11), over('2', 12)],
      'available',
    ],
    [
      'another call and the end of the first',
      [checked('in_call', 10), answered('2', 11), over('1', 12)],
      'in_call',
    ],
    [
      'the end of the call, and a phantom before',
      [event('opened', 5), answered('1', 6), checked('in_call', 10), over('2', 11)],
      'available',
    ],
  ])('is followed by what is younger: %s', (_, facts, expected) => {
    expect(presence(...facts)).toBe(expected);
    expect(presence(...facts.toReversed())).toBe(expected);
  });

  it('is older than any event of its second, and younger than any of the second before', () => {
    expect(presence(checked('available', 10.999), answered('1', 10))).toBe('in_call');
    expect(presence(checked('available', 11), answered('1', 10))).toBe('available');
    expect(presence(event('opened', 1), checked('in_call', 10.999), over('1', 10))).toBe('available');
    expect(presence(event('opened', 1), checked('in_call', 11), over('1', 10))).toBe('in_call');
  });

  it('of the very same time gives way to the more careful one', () => {
    for (const [index, word] of [
      'offline',
      'in_call',
      'after_call_work',
      'do_not_disturb',
      'available',
    ].entries()) {
      const rest = ['offline', 'in_call', 'after_call_work', 'do_not_disturb', 'available'].slice(
        index,
      ) as Presence[];
      expect(presence(...rest.map((other) => checked(other, 10)))).toBe(word);
      expect(presence(...rest.map((other) => checked(other, 10)).toReversed())).toBe(word);
    }
  });
});

describe('a reading', () => {
  it.each<[string, PresenceFact[], number]>([
    ['offline since the workspace closed', [...free, event('disconnected', 5), event('ringing', 9)], 5],
    ['not disturbed since they closed', [...free, event('closed', 5), event('connected', 9)], 5],
    ['wrapping up since it began', [...free, event('wrap-up-started', 5), event('opened', 9)], 5],
    ['available since the later of two', [event('connected', 3), event('opened', 7)], 7],
    ['available since the later of two, the other way round', [event('connected', 7), event('opened', 3)], 7],
    ['available since the last call', [...free, answered('1', 5), over('1', 9)], 9],
    [
      'available since the end of wrap-up',
      [...free, event('wrap-up-started', 5), event('wrap-up-ended', 9)],
      9,
    ],
    ['available since the events that a check bears out', [...free, checked('available', 30)], 0],
    ['available since the check that corrects', [...free, event('closed', 5), checked('available', 30)], 30],
    ['closed since the event, not the check', [event('closed', 5), checked('do_not_disturb', 30)], 5],
    ['in a call since its answer', [...free, answered('1', 5), event('opened', 9)], 5],
    ['in a call since the first answer', [...free, answered('1', 5), answered('2', 9)], 5],
    ['in a call since the answer that a check bears out', [answered('1', 5), checked('in_call', 30)], 5],
    ['in a call since the check', [checked('in_call', 30)], 30],
    ['in a call since the check, another one answered', [checked('in_call', 30), answered('2', 40)], 30],
    [
      'in a call since the check, an older one over',
      [answered('1', 5), checked('available', 9), checked('in_call', 30)],
      30,
    ],
    [
      'in a call since the answer after a phantom’s end',
      [answered('1', 5), checked('in_call', 9), answered('2', 12), over('3', 12)],
      12,
    ],
  ])('%s', (_, facts, seconds) => {
    expect(reading(...facts)?.sinceMs).toBe(at(seconds));
  });

  it.each<[string, PresenceFact[], number, 'event' | 'check']>([
    ['the youngest event', [event('connected', 3), event('opened', 7)], 7, 'event'],
    ['the youngest event, told first', [event('opened', 7), event('connected', 3)], 7, 'event'],
    ['a call', [...free, answered('1', 5), over('1', 9)], 9, 'event'],
    ['a check', [...free, checked('available', 30)], 30, 'check'],
    ['an event after a check', [checked('available', 30), event('opened', 31)], 31, 'event'],
    ['an event in the second of a check', [checked('available', 30.9995), event('opened', 30)], 30, 'event'],
    ['the call that rings who is available', [...free, event('ringing', 40)], 40, 'event'],
    ['not the call that rings who is not', [...free, event('closed', 5), event('ringing', 40)], 5, 'event'],
  ])('is as old as %s', (_, facts, seconds, source) => {
    expect(reading(...facts)).toMatchObject({ knownAtMs: at(seconds), source });
  });

  it.each<EventName>([
    'connected',
    'disconnected',
    'opened',
    'closed',
    'wrap-up-started',
    'wrap-up-ended',
    'ringing',
  ])('rests on an event rather than on a check of its second: %s', (kind) => {
    expect(reading(checked('available', 30.5), event(kind, 30))).toMatchObject({
      knownAtMs: at(30),
      source: 'event',
    });
  });

  it('is whole', () => {
    expect(reading(...free, checked('available', 30))).toEqual({
      presence: 'available',
      sinceMs: 1763851200000,
      knownAtMs: 1763851230000,
      source: 'check',
    });
  });
});

describe('the state', () => {
  const seconds = fc.integer({ min: 0, max: 12 });
  const someCallFact = (ids: readonly string[]): fc.Arbitrary<PresenceFact> =>
    fc
      .tuple(
        fc.constantFrom(dialled, answered, handedOver, over),
        fc.constantFrom(...ids),
        seconds,
        fc.option(seconds, { nil: undefined }),
      )
      .map(([news, id, when, told]) => news(id, when, told));
  const someFact: fc.Arbitrary<PresenceFact> = fc.oneof(
    fc
      .tuple(
        fc.constantFrom<EventName>(
          'connected',
          'disconnected',
          'opened',
          'closed',
          'wrap-up-started',
          'wrap-up-ended',
          'ringing',
        ),
        seconds,
      )
      .map(([kind, when]) => event(kind, when)),
    { weight: 2, arbitrary: someCallFact(['1', '2', '3', '4', '5', '6']) },
    fc
      .tuple(
        fc.constantFrom<Presence>('available', 'in_call', 'after_call_work', 'do_not_disturb', 'offline'),
        fc.integer({ min: 0, max: 24 }),
      )
      .map(([word, half]) => checked(word, half / 2)),
  );
  function permutations<Item>(items: readonly Item[]): Item[][] {
    if (items.length === 0) return [[]];
    return items.flatMap((item, index) =>
      permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
    );
  }

  it('is the same whatever the order of the facts: all permutations of 5', () => {
    fc.assert(
      fc.property(fc.array(someFact, { maxLength: 5 }), (facts) => {
        const expected = stateAfter(...facts);
        for (const order of permutations(facts)) expect(stateAfter(...order)).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });

  it('is the same whatever the order of the facts: all permutations of 6', () => {
    fc.assert(
      fc.property(fc.array(someFact, { minLength: 6, maxLength: 6 }), (facts) => {
        const expected = JSON.stringify(canonical(stateAfter(...facts)));
        const states = permutations(facts).map((order) => JSON.stringify(canonical(stateAfter(...order))));
        expect(new Set(states)).toEqual(new Set([expected]));
      }),
      { numRuns: 20 },
    );
  });

  it('is the same whatever the order of more news of calls than it keeps', () => {
    const calls = fc.array(someCallFact(['1', '2', '3', '4', '5', '6', '7', '8']), {
      minLength: 7,
      maxLength: 7,
    });
    fc.assert(
      fc.property(calls, (facts) => {
        const expected = JSON.stringify(stateAfter(...facts));
        const states = permutations(facts).map((order) => JSON.stringify(stateAfter(...order)));
        expect(new Set(states)).toEqual(new Set([expected]));
      }),
      { numRuns: 5 },
    );
  });

  it('is the same whatever the order of the news of two calls', () => {
    fc.assert(
      fc.property(fc.array(someCallFact(['1', '2']), { minLength: 6, maxLength: 6 }), (facts) => {
        const expected = JSON.stringify(stateAfter(...facts));
        const states = permutations(facts).map((order) => JSON.stringify(stateAfter(...order)));
        expect(new Set(states)).toEqual(new Set([expected]));
      }),
      { numRuns: 40 },
    );
  });

  it('is the same for long histories, shuffled and with repetitions', () => {
    fc.assert(
      fc.property(
        fc.array(someFact, { maxLength: 40 }).chain((facts) =>
          fc.tuple(
            fc.constant(facts),
            fc.shuffledSubarray([...facts, ...facts], {
              minLength: facts.length * 2,
              maxLength: facts.length * 2,
            }),
          ),
        ),
        ([facts, shuffled]) => {
          expect(stateAfter(...shuffled)).toEqual(stateAfter(...facts));
        },
      ),
    );
  });

  it('reads the same after a way through JSON, whatever the order of its keys', () => {
    fc.assert(
      fc.property(fc.array(someFact, { maxLength: 20 }), (facts) => {
        const state = stateAfter(...facts);
        const stored = canonical(JSON.parse(JSON.stringify(state)) as PresenceState);
        expect(stored).toEqual(state);
        for (const hasWrapUp of [false, true]) {
          expect(readPresence(stored, hasWrapUp)).toEqual(readPresence(state, hasWrapUp));
        }
      }),
    );
  });

  it('says what a check said, when nothing younger was heard', () => {
    fc.assert(
      fc.property(
        fc.array(someFact, { maxLength: 10 }),
        fc.constantFrom<Presence>('available', 'in_call', 'after_call_work', 'do_not_disturb', 'offline'),
        (facts, word) => {
          for (const read of [reading, readingWithWrapUp]) {
            expect(read(...facts, checked(word, 13))).toMatchObject({
              presence: word,
              knownAtMs: at(13),
              source: 'check',
            });
          }
        },
      ),
    );
  });

  it('reads differently with wrap-up only where that is what it says', () => {
    fc.assert(
      fc.property(fc.array(someFact, { maxLength: 20 }), (facts) => {
        const withWrapUp = readingWithWrapUp(...facts);
        if (withWrapUp?.presence !== 'after_call_work') expect(withWrapUp).toEqual(reading(...facts));
      }),
    );
  });

  it('stays under 1000 bytes, however much is told', () => {
    fc.assert(
      fc.property(fc.array(someFact, { minLength: 60, maxLength: 60 }), (facts) => {
        const ids = facts.map((fact) =>
          'callId' in fact ? { ...fact, callId: callId(`922337203685477580${fact.callId}`) } : fact,
        );
        expect(JSON.stringify(stateAfter(...ids)).length).toBeLessThan(1000);
      }),
    );
  });

  it('keeps of each call the youngest news of each kind, six in all, those told last first', () => {
    const facts = [
      answered('1', 1),
      answered('2', 5),
      over('3', 4, 5),
      handedOver('4', 5),
      over('4', 5),
      over('2', 4),
      over('2', 3),
      dialled('5', 9, 8),
      over('5', 9),
      over('5', 9, 9),
    ];
    expect(stateAfter(...facts).calls).toEqual([
      { callId: '5', news: 'call-over', atMs: at(9) },
      { callId: '5', news: 'call-dialled', atMs: at(9), toldAtMs: at(8) },
      { callId: '3', news: 'call-over', atMs: at(4), toldAtMs: at(5) },
      { callId: '4', news: 'call-over', atMs: at(5) },
      { callId: '4', news: 'call-handed-over', atMs: at(5) },
      { callId: '2', news: 'call-answered', atMs: at(5) },
    ]);
  });

  it('leaves the state it came from as it was', () => {
    const state = stateAfter(...free, answered('1', 5));
    const copy = structuredClone(state);
    applyPresence(state, over('1', 6));
    applyPresence(state, checked('available', 7));
    applyPresence(state, event('closed', 8));
    expect(state).toEqual(copy);
  });
});

function canonical({ heard, calls }: PresenceState): PresenceState {
  return { heard: Object.fromEntries(Object.entries(heard).toSorted()), calls };
}
