/**
 * What a failure means: for the call, and for whoever watches.
 */
import type { AircallFailure, AircallTrouble, LeaveReason, StoreFailure } from './model.ts';

/** For a question (about an agent, about a call): asking changed nothing. */
export function troubleFrom(failure: AircallFailure): AircallTrouble {
  switch (failure.reason) {
    case 'unauthorized':
      return 'aircall-unauthorized';
    case 'forbidden':
      return 'aircall-forbidden';
    case 'rate-limited':
    case 'out-of-time':
    case 'no-credentials':
      return failure.reason;
    case 'not-found':
    case 'call-ended':
    case 'refused':
      return 'aircall-refused';
    case 'unavailable':
    case 'lost-answer':
    case 'no-answer':
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

/** The store as a whole, or one item in it: each has an alarm of its own. */
export function troubleOf(failure: StoreFailure): 'store-trouble' | 'item-unreadable' {
  return failure.reason === 'item-unreadable' ? 'item-unreadable' : 'store-trouble';
}
