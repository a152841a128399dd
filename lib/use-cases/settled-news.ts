/**
 * A decision that can't be stored is carried out all the same: the claim lapses, and whoever takes it over reads the call.
 */
import type { CallId, CallNews, StoreResult } from '../core/model.ts';
import type { Settled, Warn } from '../ports.ts';

/** What events told of the call before its record was there to be found; `undefined` where nothing was stored. */
export function newsOf(settled: StoreResult<Settled>, callId: CallId, warn: Warn): CallNews | undefined {
  if (settled.ok && settled.value.kind === 'settled') return settled.value.news;

  warn('settle-failed', { callId, detail: settled.ok ? 'not-owner' : settled.failure.detail });
  return undefined;
}
