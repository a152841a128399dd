/**
 * Failures in one line for whoever sits at the terminal.
 */
import type { AircallFailure, StoreFailure } from '../lib/core/model.ts';
import { failureTexts } from '../lib/core/reason-texts.ts';
import { findStoreHint } from '../lib/core/store-hints.ts';

export function describeStoreFailure({ reason, detail }: StoreFailure): string {
  switch (reason) {
    case 'store-unavailable': {
      const hint = findStoreHint(detail);
      const cause = hint === undefined ? detail : `${hint.text} (${detail}): ${hint.remedy}`;
      return `the table could not be used: ${cause}`;
    }
    case 'item-unreadable':
      return `the item in the table is damaged, or was written by a newer version (${detail})`;
  }
}

export function describeAircallFailure({ reason, message }: AircallFailure): string {
  return `${failureTexts[reason]} (${message})`;
}
