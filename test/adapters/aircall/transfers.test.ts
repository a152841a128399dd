/**
 * Giving a call to someone, and reading what became of it.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createReadCall, createTransferCall } from '../../../lib/adapters/aircall/transfers.ts';
import type {
  AircallTeamId,
  AircallUserId,
  CallId,
  PhoneNumber,
  TransferTarget,
} from '../../../lib/core/model.ts';
import type { Fault } from '../../../local/simulated-aircall.ts';
import { november, type Simulation, startSimulation } from './simulation.ts';

const call = '812000001' as CallId;
const jane = { kind: 'agent', aircallUserId: 456 as AircallUserId } as const;
const deadlineMs = november + 60_000;
const transferRoute = 'POST /v1/calls/:id/transfers';
const callRoute = 'GET /v1/calls/:id';

let simulation: Simulation;

beforeEach(async () => {
  simulation = await startSimulation();
  simulation.aircall.addUser({ id: 456, name: 'Jane Doe', email: 'jane@example.com' });
  simulation.aircall.putCall({ id: '812000001' });
});

afterEach(() => simulation.aircall.close());

describe('a transfer', () => {
  const transferCall = (callId = call, timeoutMs = 5000) =>
    createTransferCall(simulation.requestAircall, { timeoutMs, needsMs: 0 })(callId, jane, deadlineMs);

  it('gives the call to the agent', async () => {
    expect(await transferCall()).toEqual({ ok: true, value: undefined });
    expect(simulation.aircall.transfers).toEqual([
      { callId: '812000001', target: { user_id: 456 }, atMs: 1_763_851_200_000 },
    ]);
  });

  it.each<{ to: TransferTarget; target: object }>([
    { to: { kind: 'team', teamId: 12 as AircallTeamId }, target: { team_id: 12 } },
    {
      to: { kind: 'team', teamId: 12 as AircallTeamId, strategy: 'longest_idle' },
      target: { team_id: 12, dispatching_strategy: 'longest_idle' },
    },
    { to: { kind: 'number', phone: '+33199000042' as PhoneNumber }, target: { number: '+33199000042' } },
  ])('gives the call to a $to.kind', async ({ to, target }) => {
    const answer = await createTransferCall(simulation.requestAircall, { timeoutMs: 5000, needsMs: 0 })(
      call,
      to,
      deadlineMs,
    );

    expect(answer).toEqual({ ok: true, value: undefined });
    expect(simulation.aircall.transfers.map((transfer) => transfer.target)).toEqual([target]);
  });

  it('names a call exactly whose id a JavaScript number would round', async () => {
    simulation.aircall.putCall({ id: '9007199254740993' });

    await transferCall('9007199254740993' as CallId);

    expect(simulation.aircall.transfers.map(({ callId }) => callId)).toEqual(['9007199254740993']);
  });

  it.each<{ answer: string; fault: Fault }>([
    { answer: 'is no JSON', fault: { kind: 'garbage' } },
    { answer: 'is JSON', fault: { kind: 'status', status: 200, body: { error: 'none' } } },
    { answer: 'is a 201', fault: { kind: 'status', status: 201, body: {} } },
  ])('is accepted where the answer $answer: its status counts', async ({ fault }) => {
    simulation.aircall.failNext(transferRoute, fault);

    expect(await transferCall()).toEqual({ ok: true, value: undefined });
    expect(simulation.aircall.requests).toHaveLength(1);
  });

  type LostAnswer = { trouble: string; fault: Fault; transfers: number; reason?: string };
  it.each<LostAnswer>([
    { trouble: 'a 504', fault: { kind: 'status', status: 504 }, transfers: 0, reason: 'no-answer' },
    { trouble: 'a 500', fault: { kind: 'status', status: 500 }, transfers: 0 },
    { trouble: 'a 503 after it happened', fault: { kind: 'status-after-work', status: 503 }, transfers: 1 },
    { trouble: 'silence', fault: { kind: 'hang' }, transfers: 0, reason: 'no-answer' },
    {
      trouble: 'silence after it happened',
      fault: { kind: 'hang-after-work' },
      transfers: 1,
      reason: 'no-answer',
    },
    { trouble: 'a reset', fault: { kind: 'reset-before-work' }, transfers: 0 },
    { trouble: 'a reset after it happened', fault: { kind: 'reset-after-work' }, transfers: 1 },
  ])(
    'whose answer is lost to $trouble is never sent again',
    async ({ fault, transfers, reason = 'lost-answer' }) => {
      simulation.aircall.failNext(transferRoute, fault);
      const timeoutMs = fault.kind.startsWith('hang') ? 500 : 5000;

      expect(await transferCall(call, timeoutMs)).toMatchObject({
        ok: false,
        failure: { reason },
      });
      expect(simulation.aircall.requests).toHaveLength(1);
      expect(simulation.aircall.transfers).toHaveLength(transfers);
    },
  );

  it('is sent again after a 429: that one did not happen', async () => {
    simulation.aircall.failNext(transferRoute, { kind: 'status', status: 429 });

    expect(await transferCall()).toEqual({ ok: true, value: undefined });
    expect(simulation.aircall.transfers).toHaveLength(1);
  });

  it('of a call that is over is call-ended', async () => {
    simulation.aircall.putCall({ id: '812000001', status: 'done' });

    expect(await transferCall()).toMatchObject({ ok: false, failure: { reason: 'call-ended', status: 400 } });
  });

  it('of a call that Aircall does not know is not-found', async () => {
    expect(await transferCall('812000002' as CallId)).toEqual({
      ok: false,
      failure: { reason: 'not-found', status: 404, message: 'POST /v1/calls/:id/transfers: 404' },
    });
  });

  it('to an agent who cannot take it is refused', async () => {
    simulation.aircall.refuseTransfersTo(456);

    expect(await transferCall()).toMatchObject({ ok: false, failure: { reason: 'refused', status: 405 } });
  });
});

describe('reading a call', () => {
  const readCall = () => createReadCall(simulation.requestAircall, 5000)(call, deadlineMs);

  /** What Aircall answers, with these fields in place of the usual ones. */
  function answerWith(changes: Record<string, unknown>): void {
    const untouched = { id: 812000001, direction: 'inbound', status: 'initial', started_at: 1763851200 };
    const body = { call: { ...untouched, ...changes } };
    simulation.aircall.failNext(callRoute, { kind: 'status', status: 200, body });
  }

  it('tells of a ringing call that nobody has touched', async () => {
    expect(await readCall()).toEqual({
      ok: true,
      value: { status: 'ringing', startedAtMs: 1_763_851_200_000, isTouched: false, hasAnswerTime: false },
    });
  });

  it.each([
    { change: { status: 'answered', userId: 456 }, status: 'answered', isTouched: true },
    { change: { status: 'done' }, status: 'over', isTouched: false },
    { change: { transferredToUserId: 456 }, status: 'ringing', isTouched: true },
  ] as const)('tells of $change', async ({ change, status, isTouched }) => {
    simulation.aircall.putCall({ id: '812000001', ...change });

    expect(await readCall()).toMatchObject({ ok: true, value: { status, isTouched } });
  });

  it.each([
    { mark: 'user', value: { id: 456 } },
    { mark: 'assigned_to', value: { id: 456 } },
    { mark: 'transferred_to', value: { id: 456 } },
    { mark: 'transferred_by', value: { id: 456 } },
    { mark: 'transferred_to', value: 456 },
    { mark: 'transferred_to', value: 'Jane Doe' },
    { mark: 'transferred_to', value: [{ id: 456 }] },
    { mark: 'external_transferred_to', value: '+1 202-555-0123' },
    { mark: 'external_transferred_to', value: { number: '+1 202-555-0123' } },
  ])('calls it touched by $mark $value', async ({ mark, value }) => {
    answerWith({ [mark]: value });

    expect(await readCall()).toMatchObject({ ok: true, value: { isTouched: true } });
  });

  it.each(['user', 'assigned_to', 'transferred_to', 'transferred_by', 'external_transferred_to'])(
    'calls it untouched where %s is null, empty or absent',
    async (mark) => {
      for (const value of [null, {}, [], '', undefined]) {
        answerWith({ [mark]: value });
        expect(await readCall()).toMatchObject({ ok: true, value: { isTouched: false } });
      }
    },
  );

  it.each([
    [1763851205, true],
    [null, false],
    [undefined, false],
    ['now', false],
  ])('knows when it was answered, or does not, answered as it is: %s', async (answered_at, hasAnswerTime) => {
    answerWith({ status: 'answered', answered_at });
    expect(await readCall()).toMatchObject({ ok: true, value: { status: 'answered', hasAnswerTime } });
  });

  it('reads a call whose id a JavaScript number would round', async () => {
    simulation.aircall.putCall({ id: '9007199254740993' });

    const read = await createReadCall(simulation.requestAircall, 5000)(
      '9007199254740993' as CallId,
      deadlineMs,
    );

    expect(read).toMatchObject({ ok: true, value: { status: 'ringing' } });
    expect(simulation.aircall.requests.map(({ path }) => path)).toEqual(['/v1/calls/9007199254740993']);
  });

  it.each<{ answer: string; fault: Fault; message: string }>([
    {
      answer: 'no JSON',
      fault: { kind: 'garbage' },
      message: 'GET /v1/calls/:id: the answer is not JSON',
    },
    {
      answer: 'nothing',
      fault: { kind: 'status', status: 200 },
      message: 'GET /v1/calls/:id: not that call',
    },
    {
      answer: 'no call',
      fault: { kind: 'status', status: 200, body: { message: 'OK' } },
      message: 'GET /v1/calls/:id: not that call',
    },
    {
      answer: 'another call',
      fault: {
        kind: 'status',
        status: 200,
        body: { call: { id: 812000002, direction: 'inbound', status: 'initial', started_at: 1763851200 } },
      },
      message: 'GET /v1/calls/:id: not that call',
    },
    {
      answer: 'a call without a start',
      fault: { kind: 'status', status: 200, body: { call: { id: 812000001, direction: 'inbound' } } },
      message: 'GET /v1/calls/:id: not that call',
    },
  ])('is unreadable-answer where the answer is $answer', async ({ fault, message }) => {
    simulation.aircall.failNext(callRoute, fault);

    expect(await readCall()).toEqual({ ok: false, failure: { reason: 'unreadable-answer', message } });
  });

  it('passes on what the request came to', async () => {
    simulation.aircall.failNext(callRoute, { kind: 'status', status: 503 });

    expect(await readCall()).toEqual({
      ok: false,
      failure: { reason: 'lost-answer', status: 503, message: 'GET /v1/calls/:id: 503' },
    });
  });
});
