/** What a call that is over says of the conversation in it. */
import { describe, expect, it } from 'vitest';
import { readConversation, toConversation } from '../../../lib/adapters/aircall/conversations.ts';

const call = {
  id: 812000001,
  direction: 'inbound',
  status: 'done',
  started_at: 1763851190,
  answered_at: 1763851200,
  ended_at: 1763851272,
  duration: 82,
  raw_digits: '+1 202-555-0133',
  user: { id: 457, name: 'Jan de Vries', email: 'Jan@Example.com' },
};
const conversation = {
  direction: 'inbound',
  phone: '+12025550133',
  aircallUserId: 457,
  email: 'jan@example.com',
  answeredAtMs: 1763851200000,
  endedAtMs: 1763851272000,
};

describe('a call that is over', () => {
  it('tells who spoke to whom, from the answer to the end', () => {
    expect(toConversation(call)).toEqual(conversation);
  });

  it('may be one that the agent made', () => {
    expect(toConversation({ ...call, direction: 'outbound' })).toEqual({
      ...conversation,
      direction: 'outbound',
    });
  });

  it.each([undefined, null, '', 'jan', 7])('may come without an e-mail: %j', (email) => {
    const { email: _, ...nameless } = conversation;
    expect(toConversation({ ...call, user: { id: 457, email } })).toEqual(nameless);
  });

  it('may have been as short as a moment', () => {
    expect(toConversation({ ...call, ended_at: 1763851200 })).toMatchObject({ endedAtMs: 1763851200000 });
  });

  it.each<[string, object]>([
    ['nobody answered', { answered_at: null }],
    ['nobody answered, as 0', { answered_at: 0 }],
    ['it has not ended', { ended_at: null }],
    ['it ended before it was answered', { ended_at: 1763851199 }],
    ['its times are milliseconds', { answered_at: 1763851200000, ended_at: 1763851272000 }],
    ['its times are text', { answered_at: '2025-11-22T22:40:00Z' }],
    ['it has no agent', { user: null }],
    ['its agent has no id', { user: { email: 'jan@example.com' } }],
    ['its agent is empty', { user: {} }],
    ['its other party withheld their number', { raw_digits: 'anonymous' }],
    ['its other party has no number', { raw_digits: null }],
    ['its digits are no international number', { raw_digits: '2025550133' }],
    ['it goes nowhere', { direction: 'sideways' }],
    ['it has no id', { id: null }],
  ])('tells of no conversation if %s', (_says, changes) => {
    expect(toConversation({ ...call, ...changes })).toBeUndefined();
  });

  it.each([undefined, null, 'call', []])('is none: %j', (data) => {
    expect(toConversation(data)).toBeUndefined();
  });
});

it('is read from the end of a call only, for its times are final then', () => {
  expect(readConversation('call.ended', call)).toEqual(conversation);
  for (const event of ['call.hungup', 'call.answered', 'call.transferred', 'call.tagged', 'user.closed'])
    expect(readConversation(event, call)).toBeUndefined();
});
