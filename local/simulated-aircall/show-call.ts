/**
 * A call of the telephone, put where `GET /v1/calls/:id` finds it.
 */
import type { CallState } from './call-state.ts';
import { putCall } from './calls.ts';
import type { Company } from './company.ts';
import { statusOf } from './event-data.ts';

export function showCall(state: CallState, company: Company): void {
  putCall(
    {
      id: state.callId,
      status: statusOf(state),
      rawDigits: state.from,
      startedAtSeconds: Math.floor(state.startedAtMs / 1000),
      answeredAtSeconds: state.answeredAtMs === null ? null : Math.floor(state.answeredAtMs / 1000),
      endedAtSeconds: state.endedAtMs === null ? null : Math.floor(state.endedAtMs / 1000),
      userId: state.talkingTo,
      transferredToUserId: state.transferredTo,
      missedCallReason: state.missedReason,
    },
    company,
  );
}
