import { beforeEach, describe, expect, it } from 'vitest';
import { fail, succeed } from '../../lib/core/result.ts';
import type { DeliveryReport } from '../../lib/ports.ts';
import {
  type AnswerRingToPorts,
  createAnswerRingTo,
  type RingToQuestion,
  ringToDoor,
} from '../../lib/use-cases/answer-ring-to.ts';
import { createRouteCall } from '../../lib/use-cases/route-call.ts';
import { callId, phone, userId } from '../builders.ts';
import { createRingingWorld, limits } from './ringing-world.ts';

const id = callId('812000001');
const question: RingToQuestion = {
  callId: id,
  caller: { kind: 'identified', phone: phone('+442079460123') },
};
const ringing = (agent: number) => succeed({ to: { kind: 'agent', aircallUserId: agent } });
const fallback = succeed({});

let world: Awaited<ReturnType<typeof createRingingWorld>>;
let reports: DeliveryReport[];
let invocations = 0;
beforeEach(async () => {
  world = await createRingingWorld();
  reports = [];
});

async function ask(asked: Partial<RingToQuestion> = {}, changes: Partial<AnswerRingToPorts> = {}) {
  const { parts, clock } = world;
  const answerRingTo = createAnswerRingTo({
    ...parts,
    readRingTo: () => succeed({ ...question, ...asked }),
    writeRingTo: (answer) => answer,
    routeCall: createRouteCall({ ...parts, rerouteCall: async () => succeed(undefined) }, ringToDoor, limits),
    report: (report) => reports.push(report),
    ...changes,
  });
  invocations += 1;
  const invocation = { requestId: `asked-${invocations}`, deadlineMs: clock.now() + 4000 };
  return answerRingTo(succeed({ authorization: 'Bearer x', body: '{}' }), invocation);
}

describe('asked who should ring', () => {
  it('names the caller’s agent, holds them, and transfers nothing', async () => {
    const announce = world.ring(id);
    expect(await ask()).toEqual(ringing(456));
    expect(world.truthOf(id).rungByUs).toEqual([]);
    expect(await world.store.findAgent('jane@example.com' as never, 0)).toMatchObject({
      value: { hold: { callId: id } },
    });
    expect(await announce()).toMatchObject({ decision: { outcome: 'duplicate' } });
    expect(world.truthOf(id).rungByUs).toEqual([]);
  });

  it('records the decision as any other, with its door, and times nobody’s ringing', async () => {
    await ask();
    expect(world.store.decided(id)?.record).toMatchObject({
      door: 'ring-to',
      decision: { outcome: 'routed', because: 'assigned-agent' },
      rule: 'everyone',
      considered: [{ target: { email: 'jane@example.com' }, verdict: 'go' }],
      attempts: [],
    });
    expect(world.timers).toEqual([]);
    expect(world.cards).toEqual([]);
    expect(reports).toMatchObject([
      { event: 'ring-to', callId: id, caller: '…23', decision: { outcome: 'routed' } },
    ]);
    expect(reports[0]?.record).toEqual(world.store.decided(id)?.record);
  });

  it('says the same again, and to all who ask at once at most one name', async () => {
    const answers = await Promise.all([ask(), ask(), ask()]);
    const named = answers.filter((answer) => answer.ok && 'to' in answer.value);
    expect(new Set(named.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await ask()).toEqual(ringing(456));
  });

  it('names the next of the plan where the first is held for another call', async () => {
    await ask({ callId: callId('812000002') });
    expect(await ask()).toEqual(ringing(457));
  });

  it('leaves a call to the fallback that the webhook’s door had first', async () => {
    await world.ring(id)();
    expect(world.truthOf(id).rungByUs).toEqual([456]);
    expect(await ask()).toEqual(fallback);
  });

  it.each([
    ['nobody knows the caller', { caller: { kind: 'identified', phone: phone('+12025550199') } }],
    ['the caller withheld their number', { caller: { kind: 'withheld' } }],
  ] as const)('leaves a call to the fallback where %s', async (_, asked) => {
    expect(await ask(asked)).toStrictEqual(fallback);
  });

  it('goes by the number that was called', async () => {
    const rules = [
      { name: 'paris', when: { number: [phone('+33199001234')] }, targets: [{ agent: 'max@example.com' }] },
    ];
    Object.assign(world.policy, { rules });
    expect(await ask({ aircallNumber: phone('+33199001234') })).toEqual(ringing(458));
    expect(await ask({ callId: callId('812000002'), aircallNumber: phone('+33199005678') })).toEqual(
      fallback,
    );
  });

  it('leaves what it asked about to the flow: a declined call is not given on', async () => {
    world.ring(id);
    await ask();
    await world.tell({
      kind: 'refused',
      refusal: { because: 'agent-declined', by: userId(456) },
      callId: id,
    });
    expect(world.truthOf(id).rungByUs).toEqual([]);
    expect(world.store.decided(id)?.hops).toEqual([]);
  });
});

describe('in trouble, the flow goes on to its fallback', () => {
  const failure = { reason: 'store-unavailable', detail: 'TimeoutError' } as const;

  it('when the router itself fails, without a word of what it failed on', async () => {
    const routeCall = async () => {
      world.clock.advance(30);
      throw new Error('+442079460123');
    };
    expect(await ask({}, { routeCall })).toEqual(fallback);
    expect(reports).toMatchObject([{ decision: { outcome: 'left', because: 'internal-error' }, tookMs: 30 }]);
    expect(reports[0]).not.toHaveProperty('record');
    expect(world.warnings).toMatchObject([['unexpected-error', {}]]);
    expect(JSON.stringify(world.warnings)).not.toContain('7946');
  });

  it.each(['claimCall', 'findCaller', 'currentPolicy'] as const)('with the table: %s', async (port) => {
    Object.assign(world.parts, { [port]: async () => fail(failure) });
    expect(await ask()).toEqual(fallback);
  });

  it('when an earlier answer can’t be found again', async () => {
    await ask();
    expect(await ask({}, { findDecidedCall: async () => fail(failure) })).toEqual(fallback);
    expect(await ask({}, { findDecidedCall: async () => succeed(undefined) })).toEqual(fallback);
    expect(world.warnings).toEqual([]);
  });

  it.each(['webhook', 'ring-to'] as const)(
    'when an earlier invocation died with the call: it may have answered, at the door %s',
    async (door) => {
      await world.store.claimCall(id, door, 'died' as never, 0);
      world.clock.advance(10_000);
      expect(await ask()).toEqual(fallback);
      expect(world.store.decided(id)?.record.decision).toEqual({
        outcome: 'in-doubt',
        because: 'answer-lost',
      });
    },
  );
});

it('a call it was asked about is not transferred later, though the decision could not be stored', async () => {
  const announce = world.ring(id);
  const settleCall = async () => fail({ reason: 'store-unavailable', detail: 'TimeoutError' } as const);
  Object.assign(world.parts, { settleCall });
  expect(await ask()).toEqual(ringing(456));
  world.clock.advance(11_000);
  expect(await announce()).toMatchObject({ decision: { outcome: 'in-doubt', because: 'answer-lost' } });
  expect(world.truthOf(id).rungByUs).toEqual([]);
});

it('what is no question is told so, and does nothing', async () => {
  const rejection = { reason: 'unauthorized', detail: 'authorization' } as const;
  const readRingTo = () => {
    world.clock.advance(3);
    return fail(rejection);
  };
  expect(await ask({}, { readRingTo })).toEqual(fail(rejection));
  expect(reports).toMatchObject([
    { event: 'ring-to', decision: { outcome: 'refused', because: 'unauthorized' }, tookMs: 3 },
  ]);
  expect(world.store.records()).toEqual([]);
});
