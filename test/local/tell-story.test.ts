/** A call's story, as the terminal shows it. */
import { describe, expect, it } from 'vitest';
import type { StoryEvent } from '../../local/simulated-aircall/story.ts';
import { tellStory } from '../../local/tell-story.ts';

const START_MS = 1_763_851_200_000;
const agent = { userId: 456, name: 'Jane Doe' };
const event = (change: Partial<StoryEvent>): StoryEvent => ({
  callId: '812000001',
  atMs: START_MS + 1_250,
  kind: 'calls',
  from: '+33 1 99 00 00 07',
  ...change,
});
const tell = (change: Partial<StoryEvent>, hasKeys = false) => tellStory(event(change), START_MS, hasKeys);

it.each<[Partial<StoryEvent>, string]>([
  [{ atMs: START_MS }, '   0.0 s  call 812000001: +33 1 99 00 00 07 is calling'],
  [{ kind: 'rings', agent }, '   1.3 s  Jane Doe (456): the phone rings'],
  [{ kind: 'stops-ringing', agent }, '   1.3 s  Jane Doe (456): the phone stops ringing'],
  [{ kind: 'answers', agent }, '   1.3 s  Jane Doe (456) answers'],
  [{ kind: 'declines', agent }, '   1.3 s  Jane Doe (456) declines'],
  [{ kind: 'transferred', agent }, '   1.3 s  the router transfers it to Jane Doe (456)'],
  [{ kind: 'transferred-outside' }, '   1.3 s  the router transfers it to a number outside'],
  [{ kind: 'taken-away', agent }, '   1.3 s  the call is taken away from Jane Doe (456) in mid-conversation'],
  [{ kind: 'not-reached', agent }, '   1.3 s  Jane Doe (456) could not be reached'],
  [
    {
      kind: 'card',
      agent,
      card: [
        { type: 'title', text: 'Zoë Martin', link: 'https://crm.example.com/' },
        { type: 'shortText', label: 'Company', text: 'Northwind Tea' },
        { type: 'shortText', label: 'Why you', text: 'You are the assigned agent.' },
      ],
    },
    '   1.3 s  Jane Doe (456) sees: Zoë Martin · Company: Northwind Tea · Why you: You are the assigned agent.',
  ],
  [{ kind: 'card', card: [{ type: 'title', text: 'Zoë Martin' }] }, '   1.3 s  nobody sees: Zoë Martin'],
  [{ kind: 'announced' }, '   1.3 s  Aircall announces the call'],
  [{ kind: 'asks' }, '   1.3 s  the call flow asks the router who should ring'],
  [
    { kind: 'flow-answer', answer: { status: 200, text: '{"data":{"user_id":456}}' } },
    '   1.3 s    ring-to → 200 {"data":{"user_id":456}}',
  ],
  [{ kind: 'flow-answer' }, '   1.3 s    ring-to → no answer from the router'],
  [{ kind: 'flow-rings', agent }, '   1.3 s  the call flow rings Jane Doe (456)'],
  [{ kind: 'flow-rings-outside' }, '   1.3 s  the call flow rings a number outside'],
  [{ kind: 'flow-falls-back' }, '   1.3 s  the call flow goes on to its fallback'],
  [{ kind: 'waits' }, '   1.3 s  no phone rings: the caller waits'],
  [{ kind: 'hangs-up', atMs: START_MS + 61_000 }, '  61.0 s  the call is over: the caller hung up'],
  [{ kind: 'hangs-up', agent }, '   1.3 s  the call is over: Jane Doe (456) hung up'],
  [{ kind: 'missed' }, '   1.3 s  the call is over: nobody answered'],
])('%j', (change, line) => {
  expect(tell(change)).toBe(line);
});

it('says which keys to press, where there are some', () => {
  expect(tell({ kind: 'rings', agent }, true)).toBe(
    '   1.3 s  Jane Doe (456): the phone rings: (a)nswer, (d)ecline, (h)ang up the caller, or let it ring',
  );
  expect(tell({ kind: 'answers', agent }, true)).toContain('(h)ang up');
});

describe('a delivery', () => {
  const delivery = { event: 'call.created', attempt: 1, status: 200, answer: '' };

  it.each([
    [{ answer: '{"outcome":"left","because":"unknown-caller"}' }, 'call.created → 200 left unknown-caller'],
    [{ answer: '{"outcome":"duplicate"}' }, 'call.created → 200 duplicate'],
    [{ answer: '<html>', status: 502 }, 'call.created → 502'],
    [{ answer: 'null' }, 'call.created → 200'],
    [{ status: undefined, attempt: 3 }, 'call.created (attempt 3) → no answer from the router'],
  ])('%j', (change, line) => {
    expect(tell({ kind: 'delivery', delivery: { ...delivery, ...change } })).toBe(`   1.3 s    ${line}`);
  });
});
