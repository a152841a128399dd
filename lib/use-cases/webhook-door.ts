/**
 * The webhook's door: Aircall announced the call, and its own distribution has begun to ring. We answer by a transfer.
 */
import { judgeDoubt, judgeHop } from '../core/judge-call.ts';
import type { CallReading } from '../core/model.ts';
import type { Now } from '../ports.ts';
import type { GivenCall, RouteCallDoor } from './route-call.ts';
import type { JudgeByReading, TransferOnce } from './transfer-once.ts';

export type WebhookDoorPorts = {
  readonly judgeByReading: JudgeByReading;
  readonly transferOnce: TransferOnce;
  readonly now: Now;
};

export type WebhookDoorLimits = {
  /**
   * A delivery takes 2 to 3 s as a rule. Later than this, who answered meanwhile is worth a request: the event that
   * tells of them is as late.
   */
  readonly lateAfterMs: number;
};

export function createWebhookDoor(
  { judgeByReading, transferOnce, now }: WebhookDoorPorts,
  { lateAfterMs }: WebhookDoorLimits,
): RouteCallDoor {
  return {
    name: 'webhook',
    giveCall: ({ target, to, ...given }, notes, deadlineMs) => {
      const { callId } = given.call;
      return transferOnce({ callId, target, to, judge: judgeFor(given) }, notes, deadlineMs);
    },
    checkLate: async ({ callId, startedAtMs }, notes, deadlineMs) => {
      if (now() - startedAtMs <= lateAfterMs) return 'still-ringing';
      return judgeByReading(callId, (reading) => judgeHop(reading), notes, deadlineMs);
    },
    settleDoubt: (given, notes, deadlineMs) =>
      judgeByReading(given.call.callId, judgeFor(given), notes, deadlineMs),
  };

  function judgeFor({ policy }: GivenCall) {
    return (reading: CallReading) => judgeDoubt(reading, policy.staleAfterSeconds * 1000, now());
  }
}
