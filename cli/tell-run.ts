/**
 * A long run through a stretch of time at Aircall, as its operator sees it: where it began, a bar, and why it waits.
 */
import type { AircallFailure, StoreFailure } from '../lib/core/model.ts';
import { describeAircallFailure, describeStoreFailure } from './failures.ts';
import type { Progress } from './progress.ts';
import type { Shell } from './shell.ts';

export type RunBegun = {
  readonly kind: 'begun';
  readonly fromMs: number;
  readonly toMs: number;
  /** It goes on where an earlier run stopped. */
  readonly isResumed: boolean;
};

export type RunRemark =
  | RunBegun
  | { readonly kind: 'reached'; readonly atMs: number }
  | { readonly kind: 'paused'; readonly forMs: number };

export type RunTeller = {
  readonly tell: (remark: RunRemark) => void;
  /** A line above the bar, if there is one. */
  readonly note: (line: string) => void;
  readonly stop: () => void;
};

/** @param describeStart what is said of the beginning, if anything */
export async function startTelling(
  shell: Shell,
  describeStart: (begun: RunBegun) => string | undefined,
): Promise<RunTeller> {
  const { startProgress } = await import('./progress.ts');
  let progress: Progress | undefined;
  let reachedMs = 0;
  const note = (line: string) => (progress ?? shell).note(line);

  return {
    note,
    tell: (remark) => {
      switch (remark.kind) {
        case 'begun': {
          const start = describeStart(remark);
          if (start !== undefined) note(start);
          reachedMs = remark.fromMs;
          progress = startProgress(shell.stderr, Math.max(0, remark.toMs - remark.fromMs));
          return;
        }
        case 'reached':
          progress?.advance(Math.max(0, remark.atMs - reachedMs));
          reachedMs = Math.max(reachedMs, remark.atMs);
          return;
        case 'paused':
          note(`Aircall has had too many requests: waiting for ${remark.forMs / 1000} s`);
      }
    },
    stop: () => progress?.stop(),
  };
}

/** How far it came is stored. */
export function describeStop(failure: StoreFailure | AircallFailure): string {
  const what = 'detail' in failure ? describeStoreFailure(failure) : describeAircallFailure(failure);
  return `${what}; run it again to go on from there`;
}
