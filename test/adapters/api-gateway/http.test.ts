/**
 * API Gateway's events in, our answers out.
 */
import { describe, expect, it } from 'vitest';
import { json, readBody, readInvocation, respond } from '../../../lib/adapters/api-gateway/http.ts';
import type { AircallUserId, CallId } from '../../../lib/core/model.ts';
import type { Answer } from '../../../lib/use-cases/receive-event.ts';

const tooLarge = { ok: false, failure: { reason: 'too-large', detail: 'body: over 256 KiB' } };

describe('a body', () => {
  it('is taken as it is', () => {
    expect(readBody({ body: '{"name":"Zoë"}', isBase64Encoded: false })).toEqual({
      ok: true,
      value: '{"name":"Zoë"}',
    });
  });

  it('in base64 is read as UTF-8', () => {
    expect(readBody({ body: 'eyJuYW1lIjoiWm/DqyJ9', isBase64Encoded: true })).toEqual({
      ok: true,
      value: '{"name":"Zoë"}',
    });
  });

  it('that is missing is empty', () => {
    expect(readBody({ isBase64Encoded: false })).toEqual({ ok: true, value: '' });
    expect(readBody({ isBase64Encoded: true })).toEqual({ ok: true, value: '' });
  });

  it('in base64 that is none is text all the same: what reads JSON refuses it', () => {
    expect(readBody({ body: '%%%', isBase64Encoded: true })).toEqual({ ok: true, value: '' });
  });

  it.each([
    { what: '262,144 bytes in as many characters', body: 'a'.repeat(262_144) },
    { what: '262,144 bytes in half as many characters', body: 'ë'.repeat(131_072) },
  ])('of 256 KiB passes, one more byte does not: $what', ({ body }) => {
    expect(readBody({ body, isBase64Encoded: false })).toEqual({ ok: true, value: body });
    expect(readBody({ body: `${body}a`, isBase64Encoded: false })).toEqual(tooLarge);
  });

  it('in base64 counts as what it stands for', () => {
    const encode = (bytes: number) => Buffer.alloc(bytes, 'a').toString('base64');

    expect(readBody({ body: encode(262_144), isBase64Encoded: true }).ok).toBe(true);
    expect(readBody({ body: encode(262_145), isBase64Encoded: true })).toEqual(tooLarge);
  });
});

describe('an invocation', () => {
  const read = (remainingMs: number) =>
    readInvocation(
      { awsRequestId: 'request-1', getRemainingTimeInMillis: () => remainingMs },
      { deadlineMs: 4000, answerKeptMs: 500 },
      1_763_851_200_000,
    );

  it.each([
    { waitedMs: 0, deadlineMs: 1_763_851_204_000, because: 'a warm start costs nothing' },
    { waitedMs: 400, deadlineMs: 1_763_851_204_000, because: 'our own deadline is still the nearer' },
    { waitedMs: 900, deadlineMs: 1_763_851_203_600, because: 'a cold start is part of what Aircall waits' },
    { waitedMs: 60_000, deadlineMs: 1_763_851_202_500, because: 'another clock may not take all our time' },
    { waitedMs: -60_000, deadlineMs: 1_763_851_204_000, because: 'another clock may not give us any' },
  ])('that came $waitedMs ms ago: $because', ({ waitedMs, deadlineMs }) => {
    const now = 1_763_851_200_000;
    const invocation = readInvocation(
      { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 5000 },
      { deadlineMs: 4000, answerKeptMs: 500, clientWaitsMs: 5000 },
      now,
      now - waitedMs,
    );
    expect(invocation.deadlineMs).toBe(deadlineMs);
  });

  it('is named by the Lambda’s request id', () => {
    expect(read(5000).requestId).toBe('request-1');
  });

  it.each([
    { remainingMs: 5000, deadlineMs: 1_763_851_204_000, bound: 'our own deadline' },
    { remainingMs: 4500, deadlineMs: 1_763_851_204_000, bound: 'both alike' },
    { remainingMs: 4499, deadlineMs: 1_763_851_203_999, bound: 'what the Lambda has left' },
    { remainingMs: 500, deadlineMs: 1_763_851_200_000, bound: 'no time at all' },
    { remainingMs: 100, deadlineMs: 1_763_851_199_600, bound: 'a time that has passed' },
  ])('ends by $bound with $remainingMs ms left', ({ remainingMs, deadlineMs }) => {
    expect(read(remainingMs).deadlineMs).toBe(deadlineMs);
  });
});

describe('an answer', () => {
  const callId = '9007199254740993' as CallId;
  const to = { kind: 'agent', aircallUserId: 456 as AircallUserId } as const;

  it.each<{ answer: Answer; body: string }>([
    {
      answer: { kind: 'decided', callId, decision: { outcome: 'routed', to, because: 'assigned-agent' } },
      body: '{"outcome":"routed","callId":"9007199254740993","to":{"kind":"agent","aircallUserId":456},"because":"assigned-agent"}',
    },
    {
      answer: { kind: 'decided', callId, decision: { outcome: 'left', because: 'unknown-caller' } },
      body: '{"outcome":"left","callId":"9007199254740993","because":"unknown-caller"}',
    },
    {
      answer: { kind: 'decided', callId, decision: { outcome: 'in-doubt', because: 'answer-lost' } },
      body: '{"outcome":"in-doubt","callId":"9007199254740993","because":"answer-lost"}',
    },
    {
      answer: { kind: 'decided', callId, decision: { outcome: 'duplicate' } },
      body: '{"outcome":"duplicate","callId":"9007199254740993"}',
    },
    {
      answer: { kind: 'decided', callId, decision: { outcome: 'ignored', because: 'outbound-call' } },
      body: '{"outcome":"ignored","callId":"9007199254740993","because":"outbound-call"}',
    },
    {
      answer: { kind: 'decided', decision: { outcome: 'ignored', because: 'event-not-routed' } },
      body: '{"outcome":"ignored","because":"event-not-routed"}',
    },
  ])('to a delivery that proved itself is always a 200: $answer.decision.outcome', ({ answer, body }) => {
    expect(respond(answer)).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body,
    });
  });

  it('to a stranger is a 401 that says nothing', () => {
    const rejection = { reason: 'unauthorized', detail: 'token' } as const;

    expect(respond({ kind: 'rejected', rejection })).toEqual({
      statusCode: 401,
      headers: { 'content-type': 'application/json' },
      body: '{"error":"unauthorized"}',
    });
  });

  it('to what is no delivery is a 400 that says which field', () => {
    const rejection = { reason: 'unreadable-event', detail: 'event: not as in an Aircall event' } as const;

    expect(respond({ kind: 'rejected', rejection })).toEqual({
      statusCode: 400,
      headers: { 'content-type': 'application/json' },
      body: '{"error":"bad request","detail":"event: not as in an Aircall event"}',
    });
  });

  it('to too much is a 413', () => {
    const rejection = { reason: 'too-large', detail: 'body: over 256 KiB' } as const;

    expect(respond({ kind: 'rejected', rejection })).toEqual({
      statusCode: 413,
      headers: { 'content-type': 'application/json' },
      body: '{"error":"too large","detail":"body: over 256 KiB"}',
    });
  });

  it('is JSON of any status', () => {
    expect(json(200, { message: 'Server is running' })).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"message":"Server is running"}',
    });
  });
});
