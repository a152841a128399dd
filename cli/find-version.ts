/**
 * A version of the policy: the one in force where none is named, and the built-in one as version 0.
 */
import type { Operator } from '../lib/compose-operator.ts';
import type { StoreResult } from '../lib/core/model.ts';
import { nextCommand } from '../lib/core/next-command.ts';
import { defaultPolicy, type Policy } from '../lib/core/policy.ts';
import { succeed } from '../lib/core/result.ts';

export type PolicyVersion = {
  readonly version: number;
  /** Absent for the built-in one. */
  readonly storedAtMs?: number;
  readonly policy: Policy;
};

const builtIn: PolicyVersion = { version: 0, policy: defaultPolicy };

export async function findVersion(
  operator: Operator,
  version?: number,
): Promise<StoreResult<PolicyVersion | undefined>> {
  const { findPolicy, listPolicies } = operator.policies();
  if (version === 0) return succeed(builtIn);
  if (version === undefined) {
    const inForce = await findPolicy(operator.deadlineMs());
    return inForce.ok ? succeed(inForce.value ?? builtIn) : inForce;
  }
  const listed = await listPolicies(operator.deadlineMs());
  return listed.ok ? succeed(listed.value.policies.find((policy) => policy.version === version)) : listed;
}

export function describeMissing({ accountId }: Operator, version: number | undefined): string {
  return `there is no version ${version} of the policy that can be read; see: ${nextCommand('policy history', accountId)}`;
}
