/**
 * Whether Aircall is to be asked anew for an agent we have stored.
 */
import type { Agent } from './model.ts';

/**
 * Who has a login keeps it until the refresh says otherwise.
 *
 * @param unknownForMs how long it counts that Aircall did not know someone
 */
export function isLookUpDue(agent: Agent, unknownForMs: number, nowMs: number): boolean {
  return agent.aircallUserId === undefined && nowMs - agent.checkedAtMs >= unknownForMs;
}
