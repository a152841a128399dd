/**
 * Failures in one line for whoever sits at the terminal.
 */
import type { AccountId, AircallFailure, StoreFailure } from '../lib/core/model.ts';
import { failureTexts } from '../lib/core/reason-texts.ts';
import { findStoreHint } from '../lib/core/store-hints.ts';
import type { InstallFailure } from '../lib/use-cases/install-account.ts';

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

export function noSuchAccount(accountId: AccountId): string {
  return `there is no account ${accountId}; see: npx call-router accounts list`;
}

export function describeInstallFailure(failure: InstallFailure['failure']): string {
  if ('message' in failure) return describeAircallFailure(failure);
  switch (failure.reason) {
    case 'store-unavailable':
    case 'item-unreadable':
      return describeStoreFailure(failure);
    case 'seal-unavailable':
    case 'seal-broken':
      return `the credentials could not be sealed (${failure.detail})`;
    case 'company-has-account':
      return `the company is served already, as account ${failure.accountId}`;
    case 'other-company':
      return `the API key is of ${failure.company}, and the account of ${failure.accountOf}`;
    case 'being-deleted':
      return 'what is left of an earlier account of this name is just being deleted: try again in a quarter of an hour';
    case 'changed-meanwhile':
      return 'someone else has changed the account meanwhile';
  }
}

/** With what is there now, and what completes it. */
export function describeRenewFailure(failure: InstallFailure['failure']): string {
  const text = describeInstallFailure(failure);
  if (failure.reason === 'company-has-account') return `${text}; nothing was changed`;
  if (!('while' in failure) || failure.while === 'activating')
    return `${text}; run this again to complete it`;

  const mayBeThere = failure.while === 'creating' && lostAnswers.includes(failure.reason);
  return mayBeThere ? `${text}; run this again: a webhook that was created is found then` : text;
}

const lostAnswers: readonly string[] = ['lost-answer', 'no-answer', 'unreadable-answer'];
