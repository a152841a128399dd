import { describe, expect, it } from 'vitest';
import { createReadRingTo, writeRingTo } from '../../../lib/adapters/aircall/ring-to.ts';
import type { AircallTeamId } from '../../../lib/core/model.ts';
import { fail, succeed } from '../../../lib/core/result.ts';
import { phone, userId } from '../../builders.ts';

const readRingTo = createReadRingTo(['first-secret', 'second-secret']);
const question = {
  call_id: 812000001,
  caller_number: '+44 20 7946 0123',
  target_number: '+33 1 99 00 12 34',
};
const read = (body: unknown, authorization: string | undefined = 'Bearer first-secret') =>
  readRingTo({ authorization, body: typeof body === 'string' ? body : JSON.stringify(body) });

describe('a question of the call flow', () => {
  it('names the call, who calls, and the number that was called', () => {
    expect(read(question)).toEqual(
      succeed({
        callId: '812000001',
        caller: { kind: 'identified', phone: '+442079460123' },
        aircallNumber: '+33199001234',
      }),
    );
  });

  it.each([
    ['Bearer first-secret'],
    ['Bearer second-secret'],
    ['bearer first-secret'],
    ['BEARER   first-secret '],
  ])('proves itself with %s', (authorization) => {
    expect(read(question, authorization).ok).toBe(true);
  });

  it.each([
    [''],
    ['first-secret'],
    ['Bearer'],
    ['Bearer '],
    ['Bearer first-secre'],
    ['Bearer first-secret,second-secret'],
    ['Basic Zmlyc3Qtc2VjcmV0'],
  ])('does not prove itself with "%s"', (authorization) => {
    const refusal = fail({ reason: 'unauthorized', detail: 'authorization' });
    expect(read(question, authorization)).toEqual(refusal);
    expect(read('not even JSON', authorization)).toEqual(refusal);
  });

  it('does not prove itself without any', () => {
    expect(readRingTo({ authorization: undefined, body: JSON.stringify(question) }).ok).toBe(false);
  });

  it('keeps a call id that a JavaScript number can’t hold', () => {
    const body = '{"call_id":9223372036854775807,"caller_number":"+442079460123"}';
    expect(read(body)).toMatchObject({ value: { callId: '9223372036854775807' } });
    expect(read({ ...question, call_id: '812000001' })).toMatchObject({ value: { callId: '812000001' } });
  });

  it.each([
    ['anonymous', { kind: 'withheld' }],
    ['', { kind: 'withheld' }],
    [null, { kind: 'withheld' }],
    [undefined, { kind: 'withheld' }],
    [442079460123, { kind: 'unreadable' }],
    ['0199001234', { kind: 'unreadable' }],
    ['+1 800-123-4567', { kind: 'identified', phone: '+18001234567' }],
    ['+19171234567', { kind: 'identified', phone: '+19171234567' }],
  ])('with the caller %s', (caller_number, caller) => {
    expect(read({ ...question, caller_number })).toMatchObject({ value: { caller } });
  });

  it.each([['1234'], [1234], [null], [undefined]])('needs no called number: %s', (target_number) => {
    const { value } = read({ ...question, target_number }) as { value: object };
    expect(value).not.toHaveProperty('aircallNumber');
  });

  it.each([
    ['not JSON', 'body'],
    ['[]', 'body'],
    ['null', 'body'],
    ['{}', 'call_id'],
    ['{"call_id":"abc"}', 'call_id'],
    ['{"call_id":-1}', 'call_id'],
    ['{"call_id":1.5}', 'call_id'],
  ])('that is none is refused with the field: %s', (body, field) => {
    expect(read(body)).toEqual(
      fail({ reason: 'bad-request', detail: `${field}: not as the flow should send it` }),
    );
  });
});

describe('the answer', () => {
  it.each([
    [{ to: { kind: 'agent', aircallUserId: userId(456) } }, { data: { user_id: 456 } }],
    [{ to: { kind: 'team', teamId: 7 as AircallTeamId, strategy: 'random' } }, { data: { team_id: 7 } }],
    [{ to: { kind: 'number', phone: phone('+33199000042') } }, { data: { number: '+33199000042' } }],
    [{}, {}],
  ] as const)('%j is %j', (answer, body) => {
    expect(writeRingTo(answer)).toEqual(body);
  });
});
