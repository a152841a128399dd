/**
 * What a failure at Aircall means for the call.
 */
import type { AircallFailure, AircallTrouble, LeaveReason } from './model.ts';

/** For a question (about an agent, about a call): asking changed nothing. */
export function troubleFrom(failure: AircallFailure): AircallTrouble {
  switch (failure.reason) {
    case 'unauthorized':
      return 'aircall-unauthorized';
    case 'forbidden':
      return 'aircall-forbidden';
    case 'rate-limited':
      return 'rate-limited';
    case 'not-found':
    case 'call-ended':
    case 'refused':
      return 'aircall-refused';
    case 'unavailable':
    case 'lost-answer':
    case 'unreadable-answer':
      return 'aircall-unavailable';
  }
}

/** For a transfer that certainly did not happen. */
export function leaveReasonFrom(failure: AircallFailure): LeaveReason {
  switch (failure.reason) {
    case 'call-ended':
      return 'call-over';
    case 'not-found':
      return 'call-not-found';
    case 'refused':
      return 'transfer-refused';
    default:
      return troubleFrom(failure);
  }
}
