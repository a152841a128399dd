/**
 * A command to run next, as whoever is advised can paste it: on the account that the advice is about.
 */
import { ownAccountId } from './account.ts';
import type { AccountId } from './model.ts';

/** @example nextCommand('agents refresh', accountId) → npx call-router agents refresh --account lantern */
export function nextCommand(line: string, accountId: AccountId): string {
  return `npx call-router ${line}${accountId === ownAccountId ? '' : ` --account ${accountId}`}`;
}
