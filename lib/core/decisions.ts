/**
 * Decisions that route nobody, and which reason says most of a plan that rang nobody.
 */
import type {
  AircallTrouble,
  Considered,
  Decision,
  DoubtReason,
  LeaveReason,
  StoreFailure,
  TransferAttempt,
} from './model.ts';

export function leave(because: LeaveReason): Decision {
  return { outcome: 'left', because };
}

export function inDoubt(because: DoubtReason): Decision {
  return { outcome: 'in-doubt', because };
}

/** Trouble is the better explanation than "nobody could be rung": it can be mended. */
export function reasonNobodyRang(
  considered: readonly Considered[],
  attempts: readonly TransferAttempt[],
): LeaveReason {
  if (attempts.some(({ answer }) => answer === 'refused')) return 'transfer-refused';

  return considered.map(({ verdict }) => verdict).find(isTrouble) ?? 'no-target-available';
}

type Trouble = StoreFailure['reason'] | AircallTrouble;
/** A record, so that a new trouble doesn't compile before it stands here. */
const troubles: Readonly<Record<Trouble, true>> = {
  'store-unavailable': true,
  'item-unreadable': true,
  'aircall-unauthorized': true,
  'aircall-forbidden': true,
  'aircall-refused': true,
  'aircall-unavailable': true,
  'rate-limited': true,
  'out-of-time': true,
  'no-credentials': true,
};

/** We could not find out, or not do it. */
export function isTrouble(verdict: Considered['verdict']): verdict is Trouble {
  const known: Partial<Record<Considered['verdict'], true>> = troubles;
  return known[verdict] === true;
}
