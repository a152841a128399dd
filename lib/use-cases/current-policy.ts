/**
 * The policy in force: from memory for `rememberedForMs`, then from the store, and the built-in one, as version 0, where
 * none is stored. Concurrent questions share one answer.
 *
 * A failure is not remembered: the next call asks again. While the table can't be reached, the copy in memory goes on
 * deciding, until it is `usableForMs` old: rules that were right five minutes ago are better than a caller left alone.
 * So a look-up that could be done without is waited for no longer than `patientForMs`. The price: meanwhile a switch
 * takes up to `usableForMs` to reach a container, and every look-up that failed is warned of. A policy that is there but
 * can't be read is certainly not the one in memory, and has no stand-in.
 */
import { troubleOf } from '../core/explain-failure.ts';
import type { StoreResult } from '../core/model.ts';
import { defaultPolicy, type Policy } from '../core/policy.ts';
import { succeed } from '../core/result.ts';
import type { FindPolicy, Now, Warn } from '../ports.ts';

export type PolicyInForce = { readonly version: number; readonly policy: Policy };

export type CurrentPolicy = (deadlineMs: number) => Promise<StoreResult<PolicyInForce>>;

export type CurrentPolicyPorts = {
  readonly findPolicy: FindPolicy;
  readonly warn: Warn;
  readonly now: Now;
};

export type CurrentPolicyLimits = {
  readonly rememberedForMs: number;
  /** @default 300_000 */
  readonly usableForMs?: number;
  /** @default 500 */
  readonly patientForMs?: number;
};

export function createCurrentPolicy(
  { findPolicy, warn, now }: CurrentPolicyPorts,
  { rememberedForMs, usableForMs = 5 * 60_000, patientForMs = 500 }: CurrentPolicyLimits,
): CurrentPolicy {
  let copy: { readonly inForce: PolicyInForce; readonly askedAtMs: number } | undefined;
  let underWay: Promise<StoreResult<PolicyInForce>> | undefined;

  return async function currentPolicy(deadlineMs) {
    const fresh = copyYoungerThan(rememberedForMs);
    if (fresh !== undefined) return succeed(fresh);

    underWay ??= lookUp(deadlineMs).finally(() => {
      underWay = undefined;
    });
    return underWay;
  };

  async function lookUp(deadlineMs: number): Promise<StoreResult<PolicyInForce>> {
    const askedAtMs = now();
    const isNeeded = copyYoungerThan(usableForMs) === undefined;
    const found = await findPolicy(isNeeded ? deadlineMs : Math.min(deadlineMs, askedAtMs + patientForMs));
    if (!found.ok) {
      const { reason, detail } = found.failure;
      warn(troubleOf(found.failure), { during: 'reading the policy', detail });
      const standIn = reason === 'store-unavailable' ? copyYoungerThan(usableForMs) : undefined;
      return standIn === undefined ? found : succeed(standIn);
    }

    const { version, policy } = found.value ?? { version: 0, policy: defaultPolicy };
    copy = { inForce: { version, policy }, askedAtMs };
    return succeed(copy.inForce);
  }

  function copyYoungerThan(ageMs: number): PolicyInForce | undefined {
    return copy !== undefined && now() - copy.askedAtMs < ageMs ? copy.inForce : undefined;
  }
}
