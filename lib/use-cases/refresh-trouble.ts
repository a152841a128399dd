/**
 * What kept a part of the refresh from being done. Nothing of it is thrown away: the run fails at its end, and tells all.
 */
import { troubleFrom } from '../core/explain-failure.ts';
import type { AircallFailure, AircallTrouble, StoreFailure } from '../core/model.ts';

/** `nobody-listed`: Aircall named no user at all while we know some. `unexpected-error`: a bug; the log has it. */
export type RefreshTrouble = {
  readonly reason: StoreFailure['reason'] | AircallTrouble | 'nobody-listed' | 'unexpected-error';
  readonly message: string;
};

export function fromAircall(failure: AircallFailure): RefreshTrouble {
  return { reason: troubleFrom(failure), message: failure.message };
}

export function fromStore({ reason, detail }: StoreFailure): RefreshTrouble {
  return { reason, message: detail };
}

export function tellTroubles(troubles: readonly RefreshTrouble[]): string {
  return troubles.map(({ reason, message }) => `${reason}: ${message}`).join('; ');
}
