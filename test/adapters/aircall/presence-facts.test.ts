/**
 * What an event says of an agent's presence: whose, what, and since when.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readAgentNews, readUserNews } from '../../../lib/adapters/aircall/presence-facts.ts';
import { call as callSchema } from '../../../lib/adapters/aircall/wire.ts';

import { applyPresence, nothingHeard, type PresenceFact, readPresence } from '../../../lib/core/presence.ts';

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

function readNews(event: string, data: unknown, seconds: number) {
  if (!event.startsWith('call.')) return readUserNews(event, data, seconds);

  const parsed = callSchema.safeParse(data);
  return parsed.success ? readAgentNews(event, parsed.data, seconds) : undefined;
}

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
    const news = { aircallUserId: 456, fact: { kind, atMs } };
    expect(readNews(event, user, timestamp)).toEqual(news);
    expect(readNews(`${event}.v2`, { ...user, available: false }, timestamp)).toEqual(news);
    expect(readNews(event, { id: 456 }, timestamp)).toEqual(news);
  });

  it.each(['user.created', 'user.deleted', 'user.created.v2', 'user.opened.v3', 'user.v2', ''])(
    'says nothing of presence: "%s"',
    (event) => {
      expect(readNews(event, user, timestamp)).toBeUndefined();
    },
  );

  it.each([undefined, null, {}, [], 'jane', { id: '456' }, { id: 0 }, { id: 4.5 }, { user }])(
    'says nothing without a user: %j',
    (data) => {
      expect(readNews('user.opened', data, timestamp)).toBeUndefined();
    },
  );

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1_763_851_200_000])(
    'says nothing at no time: %d',
    (seconds) => {
      expect(readNews('user.opened', user, seconds)).toBeUndefined();
    },
  );

  it('is of its whole second', () => {
    expect(readNews('user.opened', user, timestamp + 0.7)).toMatchObject({ fact: { atMs } });
  });
});

type CallFactKind = 'call-dialled' | 'call-answered' | 'call-handed-over' | 'call-over';

/** Of the call above, for the agent above, as told by a delivery of `timestamp`. */
const newsOf = (kind: CallFactKind, secondsAfter: number) => ({
  aircallUserId: 456,
  fact: {
    kind,
    callId: '812000001',
    atMs: atMs + secondsAfter * 1000,
    ...(secondsAfter !== 0 && { toldAtMs: atMs }),
  },
});
const ongoing = { ...call, status: 'answered', ended_at: null };
const ringing = { ...ongoing, status: 'initial', answered_at: null };
const dialled = { ...ringing, direction: 'outbound', started_at: timestamp };

/** When no call can have been answered or been over, as told by a delivery of `timestamp`. */
const noTimes: [name: string, time: unknown][] = [
  ['zero', 0],
  ['negative', -1],
  ['milliseconds', atMs],
  ['more than a minute ahead', timestamp + 61],
  ['null', null],
  ['missing', undefined],
];

describe('an event of a call', () => {
  it.each([
    ['call.ringing_on_agent', 'ringing', {}],
    ['call.agent_declined', 'call-declined', { callId: '812000001' }],
  ])('is of the time of its delivery: %s', (event, kind, rest) => {
    expect(readNews(event, ringing, timestamp)).toEqual({
      aircallUserId: 456,
      fact: { kind, ...rest, atMs },
    });
  });

  it('keeps an id beyond 2^53 exact', () => {
    const data = { ...call, id: '9223372036854775807' };
    expect(readNews('call.answered', data, timestamp)).toMatchObject({
      fact: { callId: '9223372036854775807' },
    });
  });

  it.each([undefined, null, {}, { name: 'Jane Doe' }, 456])(
    'says nothing without its agent: %j',
    (someone) => {
      expect(readNews('call.hungup', { ...call, user: someone }, timestamp)).toBeUndefined();
    },
  );

  it.each(['call.created', 'call.voicemail_left', 'call.hold', 'call.answered.v2', 'callx'])(
    'says nothing of presence: %s',
    (event) => {
      expect(readNews(event, call, timestamp)).toBeUndefined();
    },
  );

  it.each([undefined, null, {}, { ...call, id: undefined }, { ...call, direction: 'sideways' }, user])(
    'says nothing without a call: %j',
    (data) => {
      expect(readNews('call.answered', data, timestamp)).toBeUndefined();
    },
  );

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, atMs])(
    'says nothing where its delivery is of no time, whatever times the call gives: %d',
    (seconds) => {
      for (const event of ['call.answered', 'call.hungup', 'call.ended', 'call.transferred']) {
        expect(readNews(event, call, seconds)).toBeUndefined();
      }
      expect(readNews('call.created', dialled, seconds)).toBeUndefined();
    },
  );
});

describe('an answer', () => {
  const answered = (changes: object) => readNews('call.answered', { ...ongoing, ...changes }, timestamp);

  it('is of the delivery’s time where the call was answered earlier, by someone who handed it over', () => {
    expect(answered({ answered_at: timestamp - 600 })).toEqual(newsOf('call-answered', 0));
  });

  it.each([1, 60])('is of the call’s time where that is later, by %d s', (seconds) => {
    expect(answered({ answered_at: timestamp + seconds })).toEqual(newsOf('call-answered', seconds));
  });

  it.each([...noTimes, ['text', 'now']])(
    'is of the delivery’s time where the call’s is none: %s',
    (_, answered_at) => {
      expect(answered({ answered_at })).toEqual(newsOf('call-answered', 0));
    },
  );

  it('may be to an outbound call', () => {
    expect(answered({ direction: 'outbound' })).toEqual(newsOf('call-answered', 0));
  });

  it('that is told after the call’s end is the end', () => {
    expect(answered({ status: 'done', ended_at: timestamp - 30 })).toEqual(newsOf('call-over', -30));
    expect(answered({ ended_at: timestamp - 30 })).toEqual(newsOf('call-over', -30));
    expect(answered({ status: 'done' })).toEqual(newsOf('call-over', 0));
    expect(answered({ status: 'done', ended_at: timestamp + 61 })).toEqual(newsOf('call-over', 0));
  });
});

describe('the end of a call', () => {
  const hungUp = (ended_at: unknown) => readNews('call.hungup', { ...call, ended_at }, timestamp);
  const ended = (ended_at: unknown) => readNews('call.ended', { ...call, ended_at }, timestamp);

  it('is told at once when someone hangs up: the later of both times counts', () => {
    expect(hungUp(timestamp - 2)).toEqual(newsOf('call-over', 0));
    expect(hungUp(timestamp + 2)).toEqual(newsOf('call-over', 2));
    expect(hungUp(timestamp + 60)).toEqual(newsOf('call-over', 60));
  });

  it('is told again half a minute later, and of the call’s time: the next call may have begun', () => {
    expect(ended(timestamp - 30)).toEqual(newsOf('call-over', -30));
    expect(ended(timestamp + 2)).toEqual(newsOf('call-over', 2));
  });

  it.each([...noTimes, ['text', 'now']])(
    'is of the delivery’s time where the call’s is none: %s',
    (_, ended_at) => {
      expect(hungUp(ended_at)).toEqual(newsOf('call-over', 0));
      expect(ended(ended_at)).toEqual(newsOf('call-over', 0));
    },
  );
});

describe('the beginning of a call', () => {
  const created = (changes: object) => readNews('call.created', { ...dialled, ...changes }, timestamp);

  it('has whoever dials in it, from the later of both times', () => {
    expect(created({})).toEqual(newsOf('call-dialled', 0));
    expect(created({ started_at: timestamp - 5 })).toEqual(newsOf('call-dialled', 0));
    expect(created({ started_at: timestamp + 5 })).toEqual(newsOf('call-dialled', 5));
    expect(created({ started_at: timestamp + 60 })).toEqual(newsOf('call-dialled', 60));
  });

  it.each([0, timestamp + 61])('is of the delivery’s time where the call’s is none: %d', (started_at) => {
    expect(created({ started_at })).toEqual(newsOf('call-dialled', 0));
  });

  it('that is told after the call’s end is the end', () => {
    expect(created({ status: 'done', ended_at: timestamp - 30 })).toEqual(newsOf('call-over', -30));
  });

  it('says nothing where nobody is named, or where a caller rings', () => {
    expect(created({ user: null })).toBeUndefined();
    expect(created({ direction: 'inbound' })).toBeUndefined();
  });
});

describe('a call that is handed over', () => {
  it.each(['call.transferred', 'call.external_transferred'])(
    'is over for whoever did so, now and not when they answered: %s',
    (event) => {
      expect(readNews(event, ongoing, timestamp)).toEqual(newsOf('call-handed-over', 0));
      expect(readNews(event, call, timestamp)).toEqual(newsOf('call-handed-over', 0));
      expect(readNews(event, { ...ongoing, user: undefined }, timestamp)).toBeUndefined();
    },
  );

  it.each(['call.transferred', 'call.external_transferred'])(
    'while it rings is over for nobody: the router hands it on, and who it names may be about to be rung: %s',
    (event) => {
      expect(readNews(event, ringing, timestamp)).toBeUndefined();
    },
  );

  it('without success is theirs again, from now on', () => {
    expect(readNews('call.unsuccessful_transfer', ongoing, timestamp)).toEqual(newsOf('call-answered', 0));
    const justAnswered = { ...ongoing, answered_at: timestamp + 60 };
    expect(readNews('call.unsuccessful_transfer', justAnswered, timestamp)).toEqual(
      newsOf('call-answered', 0),
    );
  });

  it.each(noTimes)('without success is nobody’s where it never was answered: %s', (_, answered_at) => {
    const unanswered = { ...ongoing, answered_at };
    expect(readNews('call.unsuccessful_transfer', unanswered, timestamp)).toBeUndefined();
  });

  it.each([{ status: 'done' }, { ended_at: timestamp - 30 }])(
    'without success is nobody’s where it is over: %j',
    (changes) => {
      const over = { ...ongoing, ...changes };
      expect(readNews('call.unsuccessful_transfer', over, timestamp)).toBeUndefined();
    },
  );
});

it('leaves nobody in a short call whose answer was told late, and whose end was told once', () => {
  const begun = { ...ongoing, answered_at: timestamp - 3 };
  const told = [
    readNews('user.connected', user, timestamp - 60),
    readNews('user.opened', user, timestamp - 60),
    readNews('call.answered', begun, timestamp),
    readNews('call.ended', { ...begun, status: 'done', ended_at: timestamp - 1 }, timestamp + 30),
  ].map((news) => news?.fact as PresenceFact);

  for (const facts of [told, told.toReversed()]) {
    expect(readPresence(facts.reduce(applyPresence, nothingHeard), false)?.presence).toBe('available');
    expect(readPresence(facts.reduce(applyPresence, nothingHeard), true)).toMatchObject({
      presence: 'after_call_work',
      sinceMs: atMs - 1000,
    });
  }
});

it('reads the sample deliveries', () => {
  const read = (file: string) => {
    const sample = new URL(`../../../events/${file}`, import.meta.url);
    const { event, data, timestamp: seconds } = JSON.parse(readFileSync(sample, 'utf8'));
    return readNews(event, data, seconds);
  };

  expect(read('user-opened.v2.json')).toMatchObject({
    aircallUserId: 456,
    fact: { kind: 'opened', atMs },
  });
  expect(read('call-answered.json')).toMatchObject({
    aircallUserId: 456,
    fact: { kind: 'call-answered', callId: '812000001', atMs: atMs + 6000 },
  });
  expect(read('call-created.known-caller.json')).toBeUndefined();
});
