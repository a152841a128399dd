/**
 * A delivery's text, opened for its token and read; from what Aircall sends to what nobody should. Whose a token is, others
 * know.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openDelivery } from '../../../lib/adapters/aircall/webhook.ts';

const current = '0123456789abcdef0123456789abcdef';

/** As if the token had proved whose it is. */
function readDelivery(body: string) {
  const opened = openDelivery(body);
  return opened.ok ? opened.value.read() : opened;
}

/** What there is to prove, or why there is nothing. */
function findToken(body: string) {
  const opened = openDelivery(body);
  return opened.ok ? opened.value.token : opened;
}

/** 22 November 2025, 22:40:00 UTC. */
const call = {
  id: 812000001,
  direct_link: 'https://api.aircall.io/v1/calls/812000001',
  direction: 'inbound',
  status: 'initial',
  missed_call_reason: null,
  started_at: 1763851200,
  answered_at: null,
  ended_at: null,
  duration: 0,
  raw_digits: '+44 20 7946 0123',
  number: { id: 1234, name: 'French office', digits: '+33 1 99 00 12 34', open: true },
  teams: [],
};

const envelope = {
  resource: 'call',
  event: 'call.created',
  timestamp: 1763851200,
  token: current,
  data: call,
};

/** `undefined` takes a field away. */
const read = (changes: Record<string, unknown> = {}) =>
  readDelivery(JSON.stringify({ ...envelope, ...changes }));
const readCall = (changes: Record<string, unknown>) => read({ data: { ...call, ...changes } });

/** With a token's or a number's JSON written out, as `JSON.stringify` would not. */
const readText = (changes: { token?: string; data?: string }) =>
  readDelivery(
    `{"resource":"call","event":"call.created","timestamp":1763851200,"token":${changes.token ?? `"${current}"`},` +
      `"data":${changes.data ?? JSON.stringify(call)}}`,
  );
const readId = (id: string) =>
  readText({ data: `{"id":${id},"direction":"inbound","status":"initial","started_at":1763851200}` });

const theCall = {
  callId: '812000001',
  caller: { kind: 'identified', phone: '+442079460123' },
  status: 'ringing',
  startedAtMs: 1_763_851_200_000,
};

describe('an inbound call', () => {
  it('is read from a call.created', () => {
    expect(read()).toEqual({
      ok: true,
      value: {
        kind: 'inbound-call',
        event: 'call.created',
        call: { ...theCall, aircallNumberId: 1234, aircallNumber: '+33199001234' },
      },
    });
  });

  it('is read from the newest payload, with keys we never heard of', () => {
    const changes = {
      user: {},
      contact: {},
      call_uuid: 'CA00000000000000000000000000000812',
      participants: [{ phone_number: '+44 20 7946 0123', type: 'external' }],
      number: {},
      weather: { tomorrow: ['fine'] },
    };

    expect(readCall(changes)).toMatchObject({ ok: true, value: { call: theCall } });
    expect(read({ signature: 'none', version: 3 })).toMatchObject({ ok: true, value: { call: theCall } });
  });

  it('is read with its keys in any order', () => {
    const { resource, event, timestamp, token, data } = envelope;
    const reordered = Object.fromEntries(Object.entries(data).toReversed());

    expect(
      readDelivery(JSON.stringify({ data: reordered, token, timestamp, event, resource })),
    ).toMatchObject({ ok: true, value: { call: theCall } });
  });

  it('is read from the three fields that are certain', () => {
    const data = { id: 812000001, direction: 'inbound', started_at: 1763851200 };

    expect(read({ data })).toEqual({
      ok: true,
      value: {
        kind: 'inbound-call',
        event: 'call.created',
        call: { ...theCall, caller: { kind: 'withheld' } },
      },
    });
  });

  it('is read where every other field is null', () => {
    const nulls = Object.fromEntries(Object.keys(call).map((key) => [key, null]));
    const { id, direction, started_at } = call;

    expect(read({ data: { ...nulls, id, direction, started_at } })).toMatchObject({
      ok: true,
      value: { kind: 'inbound-call', call: { callId: '812000001', status: 'ringing' } },
    });
  });

  it.each([
    { digits: '+44 20 7946 0123', caller: { kind: 'identified', phone: '+442079460123' } },
    { digits: '+1 202-555-0123', caller: { kind: 'identified', phone: '+12025550123' } },
    { digits: '+12025550123', caller: { kind: 'identified', phone: '+12025550123' } },
    { digits: ' +33 1 99 00 12 34 ', caller: { kind: 'identified', phone: '+33199001234' } },
    { digits: 'anonymous', caller: { kind: 'withheld' } },
    { digits: 'Anonymous', caller: { kind: 'withheld' } },
    { digits: '', caller: { kind: 'withheld' } },
    { digits: null, caller: { kind: 'withheld' } },
    { digits: undefined, caller: { kind: 'withheld' } },
    { digits: {}, caller: { kind: 'withheld' } },
    { digits: 442079460123, caller: { kind: 'withheld' } },
    { digits: '020 7946 0123', caller: { kind: 'unreadable' } },
    { digits: '100', caller: { kind: 'unreadable' } },
    { digits: 'restricted', caller: { kind: 'unreadable' } },
    { digits: '\ud83d', caller: { kind: 'unreadable' } },
  ])('comes from $caller.kind where the digits are $digits', ({ digits, caller }) => {
    expect(readCall({ raw_digits: digits })).toMatchObject({ ok: true, value: { call: { caller } } });
  });

  it.each([
    { fields: { status: 'initial', answered_at: null, ended_at: null }, status: 'ringing' },
    { fields: { status: undefined, answered_at: undefined, ended_at: undefined }, status: 'ringing' },
    { fields: { status: 'ringing_somewhere_new' }, status: 'ringing' },
    { fields: { status: {}, answered_at: {}, ended_at: {} }, status: 'ringing' },
    { fields: { status: 'answered' }, status: 'answered' },
    { fields: { status: 'initial', answered_at: 1763851205 }, status: 'answered' },
    { fields: { status: 'done' }, status: 'over' },
    { fields: { status: 'initial', ended_at: 1763851209 }, status: 'over' },
    { fields: { status: 'answered', answered_at: 1763851205, ended_at: 1763851209 }, status: 'over' },
  ])('is $status with $fields', ({ fields, status }) => {
    expect(readCall(fields)).toMatchObject({ ok: true, value: { call: { status } } });
  });

  it.each([
    { id: '9007199254740991', callId: '9007199254740991' },
    { id: '9007199254740993', callId: '9007199254740993' },
    { id: '9223372036854775807', callId: '9223372036854775807' },
    { id: '"9223372036854775807"', callId: '9223372036854775807' },
    { id: '1', callId: '1' },
  ])('has its id exact: $id', ({ id, callId }) => {
    expect(readId(id)).toMatchObject({ ok: true, value: { call: { callId } } });
  });
});

describe('a call that cannot be read', () => {
  const unreadable = {
    ok: true,
    value: { kind: 'ignored', event: 'call.created', because: 'call-unreadable' },
  };

  it.each([
    '0',
    '-1',
    '-0',
    '4.5',
    '1e30',
    '-9007199254740993',
    '92233720368547758070',
    '""',
    '"0"',
    '"012"',
    '"812 000 001"',
    '"812000001#"',
    '"../users"',
    'null',
    'true',
    '{}',
    '[812000001]',
  ])('is ignored, for its id: %s', (id) => {
    expect(readId(id)).toEqual(unreadable);
  });

  it.each([
    { id: undefined },
    { direction: undefined },
    { direction: null },
    { direction: 'sideways' },
    { started_at: undefined },
    { started_at: -1 },
    { started_at: 1e306 },
    { started_at: null },
    { started_at: '1763851200' },
    { started_at: '2025-11-22T22:40:00Z' },
  ])('is ignored, for %o', (changes) => {
    expect(readCall(changes)).toEqual(unreadable);
  });

  it('is ignored, for being empty', () => {
    expect(read({ data: {} })).toEqual(unreadable);
  });
});

describe('an event that tells of an agent', () => {
  const jane = { id: 456, name: 'Jane Doe', email: 'jane@example.com' };
  const news = (event: string, fact: object, others = {}) => ({
    ok: true,
    value: { kind: 'news', event, ofAgent: { aircallUserId: 456, fact }, ...others },
  });
  const callId = '812000001';

  it.each(['user.closed', 'user.closed.v2'])('is one of a user: %s', (event) => {
    const fact = { kind: 'closed', atMs: 1_763_851_200_000 };
    expect(read({ resource: 'user', event, data: { ...jane, available: true } })).toEqual(news(event, fact));
  });

  it('is one of an outbound call that has its agent, with the call’s id', () => {
    const data = { ...call, direction: 'outbound', status: 'answered', answered_at: 1763851206, user: jane };
    const fact = { kind: 'call-answered', callId, atMs: 1_763_851_206_000, toldAtMs: 1_763_851_200_000 };
    expect(read({ event: 'call.answered', data })).toEqual(news('call.answered', fact, { callId }));
  });

  it('is one of an inbound call that has its agent, and tells of the call too', () => {
    const data = { ...call, status: 'answered', answered_at: 1763851206, user: jane };
    const fact = { kind: 'call-answered', callId, atMs: 1_763_851_206_000, toldAtMs: 1_763_851_200_000 };
    const ofCall = { callId, kind: 'answered', atMs: 1_763_851_200_000, by: 456 };
    expect(read({ event: 'call.answered', data })).toEqual(news('call.answered', fact, { callId, ofCall }));
  });

  it('may be that they dial', () => {
    const fact = { kind: 'call-dialled', callId, atMs: 1_763_851_200_000 };
    expect(readCall({ direction: 'outbound', user: jane })).toEqual(news('call.created', fact, { callId }));
  });

  it('is no inbound call, though it names someone', () => {
    expect(readCall({ user: jane })).toMatchObject({ ok: true, value: { kind: 'inbound-call' } });
  });

  it('is the end of a call with the conversation in it', () => {
    const times = { answered_at: 1763851206, ended_at: 1763851266 };
    const data = { ...call, ...times, status: 'done', raw_digits: '+44 20 7946 0123', user: jane };
    const later = { timestamp: 1763851296, data };
    const fact = {
      kind: 'call-over',
      callId,
      atMs: 1_763_851_266_000,
      toldAtMs: 1_763_851_296_000,
    };
    const ofCall = { callId, kind: 'over', atMs: 1_763_851_266_000 };
    const conversation = {
      direction: 'inbound',
      phone: '+442079460123',
      aircallUserId: 456,
      email: 'jane@example.com',
      answeredAtMs: 1_763_851_206_000,
      endedAtMs: 1_763_851_266_000,
    };
    expect(read({ ...later, event: 'call.ended' })).toEqual(
      news('call.ended', fact, { callId, ofCall, conversation }),
    );
    const unanswered = { ...later, event: 'call.ended', data: { ...data, answered_at: null } };
    expect(read(unanswered)).toEqual(news('call.ended', fact, { callId, ofCall }));
    const atOnce = { kind: 'call-over', callId, atMs: 1_763_851_296_000 };
    expect(read({ ...later, event: 'call.hungup' })).toEqual(
      news('call.hungup', atOnce, { callId, ofCall: { ...ofCall, atMs: 1_763_851_296_000 } }),
    );
  });

  it('may be that they declined a call, which tells of the call too', () => {
    const fact = { kind: 'call-declined', callId, atMs: 1_763_851_200_000 };
    const ofCall = { callId, kind: 'refused', refusal: { because: 'agent-declined', by: 456 } };
    expect(read({ event: 'call.agent_declined', data: { ...call, user: jane } })).toEqual(
      news('call.agent_declined', fact, { callId, ofCall }),
    );
  });
});

describe('an event that tells of a call alone', () => {
  const callId = '812000001';
  const atMs = 1_763_851_200_000;

  it.each([
    ['call.answered', { status: 'answered' }, { kind: 'answered', atMs }],
    ['call.hungup', { status: 'done' }, { kind: 'over', atMs }],
    ['call.ended', {}, { kind: 'over', atMs }],
    ['call.hold', { status: 'done' }, { kind: 'over', atMs }],
    [
      'call.unsuccessful_transfer',
      { transferred_to: { id: 457 } },
      { kind: 'refused', refusal: { because: 'transfer-failed', by: 457 } },
    ],
  ])('is read with the call’s id: %s', (event, changes, ofCall) => {
    expect(read({ event, data: { ...call, ...changes } })).toEqual({
      ok: true,
      value: { kind: 'news', event, callId, ofCall: { callId, ...ofCall } },
    });
  });
});

describe('an event that is not ours to act on', () => {
  it.each([undefined, null, {}, { name: 'Jane Doe' }])(
    'is an outbound call whose agent is not told, with its id: %j',
    (user) => {
      expect(readCall({ direction: 'outbound', user })).toEqual({
        ok: true,
        value: { kind: 'ignored', event: 'call.created', because: 'outbound-call', callId: '812000001' },
      });
    },
  );

  it.each([
    { event: 'call.transferred', data: { ...call, status: 'answered' } },
    { event: 'call.hold', data: { ...call, user: { id: 456 } } },
    { event: 'call.agent_declined', data: call },
    { event: 'call.unsuccessful_transfer', data: call },
    { event: 'call.ended', data: { ...call, direction: 'outbound' } },
    { event: 'call.created.v2', data: call },
  ])('is $event, with its call’s id', ({ event, data }) => {
    expect(read({ event, data })).toEqual({
      ok: true,
      value: { kind: 'ignored', event, because: 'event-not-routed', callId: '812000001' },
    });
  });

  it.each([
    { resource: 'call', event: 'call.ended', data: {} },
    { resource: 'user', event: 'user.created', data: { id: 456, email: 'jane@example.com' } },
    { resource: 'user', event: 'user.opened', data: {} },
    { resource: 'contact', event: 'contact.archived', data: { id: 7, phone_numbers: [], emails: [] } },
    { resource: 'integration', event: 'integration.created', data: { integration_id: 1, company_id: 2 } },
    { resource: 'call', event: 'CALL.CREATED', data: call },
    { resource: 'call', event: '', data: call },
    { resource: 'future', event: 'call.__proto__', data: {} },
  ])('is $event', ({ resource, event, data }) => {
    expect(read({ resource, event, data })).toEqual({
      ok: true,
      value: { kind: 'ignored', event, because: 'event-not-routed' },
    });
  });
});

describe('an event of a contact', () => {
  it('is news of the contact alone', () => {
    const data = { id: 700001, phone_numbers: [], emails: [] };
    expect(read({ resource: 'contact', event: 'contact.deleted', data })).toEqual({
      ok: true,
      value: {
        kind: 'news',
        event: 'contact.deleted',
        ofContact: { kind: 'deleted', contactId: '700001', atMs: 1_763_851_200_000 },
      },
    });
  });

  it('that can not be read is ignored as such', () => {
    expect(read({ resource: 'contact', event: 'contact.updated', data: { id: 700001 } })).toEqual({
      ok: true,
      value: { kind: 'ignored', event: 'contact.updated', because: 'contact-unreadable' },
    });
  });
});

describe('an uninstallation', () => {
  it.each([{ integration_id: 1, company_id: 2 }, {}])(
    'is told by integration.deleted, whatever is in it: %j',
    (data) => {
      expect(read({ resource: 'integration', event: 'integration.deleted', data })).toEqual({
        ok: true,
        value: { kind: 'uninstalled', event: 'integration.deleted' },
      });
    },
  );
});

describe('the token', () => {
  const unauthorized = { ok: false, failure: { reason: 'unauthorized', detail: 'token' } };
  const tokenOf = (token: unknown) => findToken(JSON.stringify({ ...envelope, token }));

  it.each([
    { why: 'as Aircall makes them', token: current },
    { why: 'padded', token: ` ${current} ` },
    { why: 'in capitals', token: '0123456789ABCDEF0123456789ABCDEF' },
    { why: 'two in one', token: `${current},${current}` },
    { why: 'half a character', token: '\ud83d' },
  ])('is given as it stands, for it to be proved: $why', ({ token }) => {
    expect(tokenOf(token)).toBe(token);
  });

  it.each([
    { why: 'missing', token: undefined },
    { why: 'null', token: null },
    { why: 'empty', token: '' },
    { why: 'of over 1,024 characters', token: 'f'.repeat(1025) },
    { why: 'a number', token: 123456789 },
    { why: 'a list', token: [current] },
    { why: 'an object', token: { token: current } },
  ])('is none where it is $why', ({ token }) => {
    expect(tokenOf(token)).toEqual(unauthorized);
  });

  it('may have 1,024 characters', () => {
    expect(tokenOf('f'.repeat(1024))).toEqual('f'.repeat(1024));
  });

  it('is none where it hangs on __proto__ or lies deeper', () => {
    const { token, ...rest } = envelope;
    const text = JSON.stringify(rest).slice(1);

    expect(findToken(`{"__proto__":{"token":"${token}"},${text}`)).toEqual(unauthorized);
    expect(read({ token: undefined, data: { ...call, token } })).toEqual(unauthorized);
  });

  it('counts where it stands twice as any JSON reader takes it: the last one', () => {
    expect(findToken(`{"token":"${current}","token":"stranger"}`)).toBe('stranger');
    expect(findToken(`{"token":"stranger","token":"${current}"}`)).toBe(current);
  });

  it('is all that is looked at before someone has proved it', () => {
    expect(findToken('{}')).toEqual(unauthorized);
    expect(findToken('{"event":7,"token":"stranger"}')).toBe('stranger');
    expect(findToken(JSON.stringify({ ...envelope, data: [] }))).toBe(current);
  });

  it('is never shown by what is wrong with a delivery', () => {
    for (const body of [
      JSON.stringify({ ...envelope, data: [] }),
      JSON.stringify({ ...envelope, event: [current] }),
      JSON.stringify([envelope]),
      `{"token":"${current}"`,
    ]) {
      const refused = readDelivery(body);
      expect(refused).toMatchObject({ ok: false });
      expect(JSON.stringify(refused)).not.toContain(current);
    }
  });
});

describe('a body that is no delivery', () => {
  it.each([
    '',
    ' ',
    'call.created',
    '<html></html>',
    '{"token":',
    '{"token":"a"}{"token":"b"}',
    'null',
    'true',
    '42',
    '"text"',
    '[]',
    `[{"token":"${current}"}]`,
    'NaN',
    '\ufeff{}',
    '\u0000',
  ])('is a bad request: %j', (body) => {
    expect(readDelivery(body)).toEqual({
      ok: false,
      failure: { reason: 'bad-request', detail: 'body: expected a JSON object' },
    });
  });

  it.each([
    { field: 'resource', values: [undefined, null, 7, {}, []] },
    { field: 'event', values: [undefined, null, 7, {}, []] },
    { field: 'timestamp', values: [undefined, null, '1763851200', {}, []] },
    { field: 'data', values: [undefined, null, 7, 'text', true, [], [call]] },
  ])('is a bad request that names $field where that is missing or wrong', ({ field, values }) => {
    for (const value of values) {
      expect(read({ [field]: value })).toEqual({
        ok: false,
        failure: { reason: 'unreadable-event', detail: `${field}: not as in an Aircall event` },
      });
    }
  });

  it.each(['[', '{"a":'])('is no reason to fall over, nested 100,000 deep in %s', (opening) => {
    const deep = opening.repeat(100_000);

    expect(readDelivery(deep)).toMatchObject({ ok: false, failure: { reason: 'bad-request' } });
    expect(readText({ data: deep })).toMatchObject({ ok: false, failure: { reason: 'bad-request' } });
  });

  it('is no reason to fall over, nested 100,000 deep and well closed', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

    expect(() => readText({ data: `{"id":812000001,"deep":${deep}}` })).not.toThrow();
  });
});

describe('a body that tries something', () => {
  it('cannot reach a prototype', () => {
    const data =
      '{"__proto__":{"direction":"inbound","polluted":true},"constructor":{"prototype":{"polluted":true}},' +
      '"id":812000001,"started_at":1763851200}';

    expect(readText({ data })).toMatchObject({ ok: true, value: { because: 'call-unreadable' } });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('is read with a key of __proto__ beside the others', () => {
    const data = `{"__proto__":{"id":1},"id":812000001,"direction":"inbound","started_at":1763851200}`;

    expect(readText({ data })).toMatchObject({ ok: true, value: { call: { callId: '812000001' } } });
  });
});

describe('whatever arrives', () => {
  const anything = fc.jsonValue();
  const oneOf = (...values: unknown[]) => fc.oneof(...values.map((value) => fc.constant(value)), anything);
  const almostACall = fc.record(
    {
      id: oneOf(812000001, '812000001', 0),
      direction: oneOf('inbound', 'outbound'),
      started_at: oneOf(1763851200, 1e300),
      status: oneOf('initial', 'done'),
      answered_at: oneOf(null, 1763851205),
      raw_digits: oneOf('+44 20 7946 0123', 'anonymous', null),
      user: oneOf({}, null),
    },
    { requiredKeys: [] },
  );
  const almostADelivery = fc.record(
    {
      resource: oneOf('call'),
      event: oneOf('call.created', 'call.ended'),
      timestamp: oneOf(1763851200),
      token: oneOf(current, 'stranger'),
      data: fc.oneof(almostACall, almostACall, fc.constant(call), anything),
    },
    { requiredKeys: ['event', 'data'] },
  );
  const bodies = fc.oneof(
    { arbitrary: almostADelivery.map((delivery) => JSON.stringify(delivery)), weight: 6 },
    { arbitrary: fc.json(), weight: 1 },
    { arbitrary: fc.string({ unit: 'binary' }), weight: 1 },
  );

  it('never throws, and never is an inbound call without a token', () => {
    let inbound = 0;
    fc.assert(
      fc.property(bodies, (body) => {
        const opened = openDelivery(body);
        if (!opened.ok) return;
        const delivery = opened.value.read();
        if (!delivery.ok || delivery.value.kind !== 'inbound-call') return;

        inbound += 1;
        expect(opened.value.token).toBe(JSON.parse(body).token);
        expect(opened.value.token).not.toBe('');
      }),
      { numRuns: 5000 },
    );
    expect(inbound).toBeGreaterThan(10);
  });

  it('with a token that is no text is unauthorized, or not even an object', () => {
    // A whole number beyond 2^53 is read as text, to stay exact.
    const noText = anything.filter(
      (token) => typeof token !== 'string' && !/^-?\d{16,}$/.test(JSON.stringify(token)),
    );
    fc.assert(
      fc.property(noText, almostADelivery, (token, delivery) => {
        const read = readDelivery(JSON.stringify({ ...delivery, token }));
        expect(read).toEqual({ ok: false, failure: { reason: 'unauthorized', detail: 'token' } });
      }),
      { numRuns: 2000 },
    );
  });
});
