/**
 * What an event says of an inbound call, whoever decided on it.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCallNews } from '../../../lib/adapters/aircall/call-news.ts';
import { call as callSchema } from '../../../lib/adapters/aircall/wire.ts';

/** 22 November 2025, 22:40:00 UTC. */
const timestamp = 1_763_851_200;
const atMs = 1_763_851_200_000;

const jane = { id: 456, name: 'Jane Doe', email: 'jane@example.com' };
const jan = { id: 457, name: 'Jan Novak', email: 'jan@example.com' };
const ringing = {
  id: 812000001,
  direction: 'inbound',
  status: 'initial',
  started_at: timestamp - 60,
  answered_at: null,
  ended_at: null,
};

/** As a delivery is read. */
const read = (event: string, changes: object = {}, seconds = timestamp) =>
  readCallNews(event, callSchema.parse({ ...ringing, ...changes }), seconds);

const answered = { status: 'answered', answered_at: timestamp - 2, user: jane };
const over = { kind: 'over', atMs };

describe('that a call was answered', () => {
  it('is told by call.answered, with who answered', () => {
    expect(read('call.answered', answered)).toEqual({ kind: 'answered', atMs, by: 456 });
    expect(read('call.answered', { ...answered, answered_at: timestamp - 600 })).toEqual({
      kind: 'answered',
      atMs,
      by: 456,
    });
  });

  it.each([undefined, null, {}, { id: '456' }, { id: 0 }, 456, 'Jane Doe'])(
    'is told too where it does not say by whom: %j',
    (user) => {
      expect(read('call.answered', { ...answered, user })).toEqual({ kind: 'answered', atMs });
    },
  );

  it.each(['call.transferred', 'call.ringing_on_agent', 'call.assigned', 'call.hold', 'call.answered.v2'])(
    'is not told by a status alone: a call that was only transferred may have it: %s',
    (event) => {
      expect(read(event, answered)).toBeUndefined();
    },
  );
});

describe('that a call is over', () => {
  it.each(['call.hungup', 'call.ended'])('is told by %s, whatever its status', (event) => {
    expect(read(event)).toEqual(over);
    expect(read(event, answered)).toEqual(over);
    expect(read(event, { ...answered, status: 'done' })).toEqual(over);
  });

  it.each([
    'call.answered',
    'call.agent_declined',
    'call.unsuccessful_transfer',
    'call.transferred',
    'call.voicemail_left',
    'call.tagged',
  ])('is told by any other event that comes late, before anything else: %s', (event) => {
    const late = { ...answered, transferred_to: jan };
    expect(read(event, { ...late, status: 'done' })).toEqual(over);
    expect(read(event, { ...late, ended_at: timestamp - 30 })).toMatchObject({ kind: 'over' });
  });

  it('is of the call’s own end where that is told later: its agents may be in the next call', () => {
    const ended = { ...answered, status: 'done', ended_at: timestamp - 30 };
    expect(read('call.ended', ended)).toEqual({ kind: 'over', atMs: atMs - 30_000 });
    expect(read('call.answered', ended)).toEqual({ kind: 'over', atMs: atMs - 30_000 });
  });

  it('is of now where someone has just hung up', () => {
    expect(read('call.hungup', { ...answered, status: 'done', ended_at: timestamp - 2 })).toEqual(over);
  });

  it.each([0, -1, atMs, timestamp + 61, null, undefined, 'now'])(
    'is of the delivery’s time where the call’s is none: %s',
    (ended_at) => {
      expect(read('call.ended', { ...answered, ended_at })).toEqual(over);
    },
  );
});

describe('that someone will not take a call', () => {
  it('is told by call.agent_declined, of its user', () => {
    expect(read('call.agent_declined', { user: jane, transferred_to: jan })).toEqual({
      kind: 'refused',
      refusal: { because: 'agent-declined', by: 456 },
    });
  });

  it('is told by call.unsuccessful_transfer, of whom it was transferred to, answered as it may seem', () => {
    const refused = { kind: 'refused', refusal: { because: 'transfer-failed', by: 457 } };
    expect(read('call.unsuccessful_transfer', { user: jane, transferred_to: jan })).toEqual(refused);
    expect(read('call.unsuccessful_transfer', { ...answered, transferred_to: jan })).toEqual(refused);
  });

  it.each([
    undefined,
    null,
    {},
    { name: 'Jane Doe' },
    { id: '456' },
    { id: 0 },
    { id: 4.5 },
    456,
    'Jane Doe',
  ])('is not told without a user we can read: %j', (user) => {
    expect(read('call.agent_declined', { user, transferred_to: jan })).toBeUndefined();
    expect(read('call.unsuccessful_transfer', { user: jane, transferred_to: user })).toBeUndefined();
  });
});

it.each(['call.created', 'call.transferred', 'call.ringing_on_agent', 'call.hold', 'callx', ''])(
  'nothing is told of a call that rings by "%s"',
  (event) => {
    expect(read(event, { user: jane, transferred_to: jan })).toBeUndefined();
  },
);

it.each(['call.answered', 'call.hungup', 'call.ended', 'call.agent_declined', 'call.unsuccessful_transfer'])(
  'nothing is told of an outbound call, over or not: %s',
  (event) => {
    const outbound = { ...answered, direction: 'outbound', transferred_to: jan };
    expect(read(event, outbound)).toBeUndefined();
    expect(read(event, { ...outbound, status: 'done', ended_at: timestamp })).toBeUndefined();
  },
);

it('reads the sample deliveries', () => {
  const readSample = (file: string) => {
    const sample = new URL(`../../../events/${file}`, import.meta.url);
    const { event, data, timestamp: seconds } = JSON.parse(readFileSync(sample, 'utf8'));
    return readCallNews(event, callSchema.parse(data), seconds);
  };

  expect(readSample('call-answered.json')).toEqual({ kind: 'answered', atMs: atMs + 6000, by: 456 });
  expect(readSample('call-answered.late.json')).toMatchObject({ kind: 'over' });
  expect(readSample('call-agent-declined.json')).toMatchObject({
    kind: 'refused',
    refusal: { because: 'agent-declined', by: 456 },
  });
  expect(readSample('call-unsuccessful-transfer.json')).toMatchObject({
    kind: 'refused',
    refusal: { because: 'transfer-failed' },
  });
  expect(readSample('call-hungup.json')).toMatchObject({ kind: 'over' });
  expect(readSample('call-transferred.json')).toBeUndefined();
});
