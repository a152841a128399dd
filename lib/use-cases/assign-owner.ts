/**
 * The owner that a contact's information at Aircall names (`owner:jane@example.com`), made the agent of those of its phones that
 * nobody is assigned to: where whoever asks wants that, or else the policy. From then on the assignment is ours.
 */
import { readOwner } from '../core/contact-information.ts';
import type { StoreResult } from '../core/model.ts';
import { succeed } from '../core/result.ts';
import type { ContactNews } from '../core/sync-contact.ts';
import type { AssignUnassigned } from '../ports.ts';
import type { CurrentPolicy } from './current-policy.ts';

export type AssignOwnerPorts = {
  readonly assignUnassigned: AssignUnassigned;
  readonly currentPolicy: CurrentPolicy;
};

/** @param isWanted `undefined`: as the policy says. @returns how many phones were assigned */
export type AssignOwner = (
  news: ContactNews,
  isWanted: boolean | undefined,
  deadlineMs: number,
) => Promise<StoreResult<number>>;

export function createAssignOwner({ assignUnassigned, currentPolicy }: AssignOwnerPorts): AssignOwner {
  return async function assignOwner(news, isWanted, deadlineMs) {
    if (news.kind === 'deleted' || isWanted === false) return succeed(0);
    const owner = readOwner(news.attributes);
    if (owner === undefined) return succeed(0);

    const policy = isWanted ? undefined : await currentPolicy(deadlineMs);
    if (policy?.ok === false) return policy;
    if (policy?.value.policy.assignOwners === false) return succeed(0);

    let count = 0;
    for (const phone of news.phones) {
      const assigned = await assignUnassigned(phone, owner, deadlineMs);
      if (!assigned.ok) return assigned;
      if (assigned.value === 'assigned') count += 1;
    }
    return succeed(count);
  };
}
