/**
 * What an event says of an agent's presence: whose, what, and since when.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPresenceNews } from '../../../lib/adapters/aircall/presence-facts.ts';

/** 22 November 2025, 22:40:00 UTC. */
const timestamp = 1_763_851_200;
const atMs = 1_763_851_200_000;

const user = {
  id: 456,
  name: 'Jane Doe',
  email: 'jane@example.com',
  available: true,
  availability_status: 'available',
};
const call = {
  id: 812000001,
  direction: 'inbound',
  status: 'done',
  started_at: timestamp - 60,
  answered_at: timestamp - 50,
  ended_at: timestamp - 30,
  user,
};

describe('an event of a user', () => {
  const names = [
    ['user.connected', 'connected'],
    ['user.disconnected', 'disconnected'],
    ['user.opened', 'opened'],
    ['user.closed', 'closed'],
    ['user.wut_start', 'wrap-up-started'],
    ['user.wut_end', 'wrap-up-ended'],
  ] as const;

  it.each(names)('is read by its name, whatever its data say: %s', (event, kind) => {
    const news = { news: { aircallUserId: 456, fact: { kind, atMs } } };
    expect(readPresenceNews(event, user, timestamp)).toEqual(news);
    expect(readPresenceNews(`${event}.v2`, { ...user, available: false }, timestamp)).toEqual(news);
    expect(readPresenceNews(event, { id: 456 }, timestamp)).toEqual(news);
  });

  it.each(['user.created', 'user.deleted', 'user.created.v2', 'user.opened.v3', 'user.v2', ''])(
    'says nothing of presence: "%s"',
    (event) => {
      expect(readPresenceNews(event, user, timestamp)).toBeUndefined();
    },
  );

  it.each([undefined, null, {}, [], 'jane', { id: '456' }, { id: 0 }, { id: 4.5 }, { user }])(
    'says nothing without a user: %j',
    (data) => {
      expect(readPresenceNews('user.opened', data, timestamp)).toBeUndefined();
    },
  );

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1_763_851_200_000])(
    'says nothing at no time: %d',
    (seconds) => {
      expect(readPresenceNews('user.opened', user, seconds)).toBeUndefined();
    },
  );

  it('is of its whole second', () => {
    expect(readPresenceNews('user.opened', user, timestamp + 0.7)).toMatchObject({
      news: { fact: { atMs } },
    });
  });
});

describe('an event of a call', () => {
  it.each([
    ['call.answered', { kind: 'call-answered', callId: '812000001', atMs: atMs - 50_000 }],
    ['call.hungup', { kind: 'call-over', callId: '812000001', atMs: atMs - 30_000 }],
    ['call.ended', { kind: 'call-over', callId: '812000001', atMs: atMs - 30_000 }],
    ['call.ringing_on_agent', { kind: 'ringing', atMs }],
    ['call.agent_declined', { kind: 'call-declined', callId: '812000001', atMs }],
  ])('is read with the time the call gives: %s', (event, fact) => {
    expect(readPresenceNews(event, call, timestamp)).toEqual({
      news: { aircallUserId: 456, fact },
      callId: '812000001',
    });
  });

  it.each([
    ['call.answered', { ...call, answered_at: null }, 'call-answered'],
    ['call.answered', { ...call, answered_at: 'now' }, 'call-answered'],
    ['call.hungup', { ...call, ended_at: null }, 'call-over'],
    ['call.ended', { ...call, ended_at: undefined }, 'call-over'],
  ])('is read with the delivery’s time where the call gives none: %s', (event, data, kind) => {
    expect(readPresenceNews(event, data, timestamp)).toMatchObject({
      news: { aircallUserId: 456, fact: { kind, callId: '812000001', atMs } },
    });
  });

  it('keeps an id beyond 2^53 exact', () => {
    const data = { ...call, id: '9223372036854775807' };
    expect(readPresenceNews('call.answered', data, timestamp)).toMatchObject({
      news: { fact: { callId: '9223372036854775807' } },
      callId: '9223372036854775807',
    });
  });

  it('may be of an outbound call', () => {
    expect(readPresenceNews('call.answered', { ...call, direction: 'outbound' }, timestamp)).toBeDefined();
  });

  it.each([undefined, null, {}, { name: 'Jane Doe' }, 456])(
    'says nothing without its agent: %j',
    (someone) => {
      expect(readPresenceNews('call.hungup', { ...call, user: someone }, timestamp)).toBeUndefined();
    },
  );

  it.each([
    'call.created',
    'call.transferred',
    'call.voicemail_left',
    'call.hold',
    'call.answered.v2',
    'callx',
  ])('says nothing of presence: %s', (event) => {
    expect(readPresenceNews(event, call, timestamp)).toBeUndefined();
  });

  it.each([undefined, null, {}, { ...call, id: undefined }, { ...call, direction: 'sideways' }, user])(
    'says nothing without a call: %j',
    (data) => {
      expect(readPresenceNews('call.answered', data, timestamp)).toBeUndefined();
    },
  );

  it('says nothing at no time', () => {
    expect(readPresenceNews('call.answered', { ...call, answered_at: atMs }, timestamp)).toBeUndefined();
  });
});

it('reads the sample deliveries', () => {
  const read = (file: string) => {
    const sample = new URL(`../../../events/${file}`, import.meta.url);
    const { event, data, timestamp: seconds } = JSON.parse(readFileSync(sample, 'utf8'));
    return readPresenceNews(event, data, seconds);
  };

  expect(read('user-opened.v2.json')).toMatchObject({
    news: { aircallUserId: 456, fact: { kind: 'opened', atMs } },
  });
  expect(read('call-answered.json')).toMatchObject({
    news: { aircallUserId: 456, fact: { kind: 'call-answered', callId: '812000001', atMs: atMs + 6000 } },
  });
  expect(read('call-created.known-caller.json')).toBeUndefined();
});
