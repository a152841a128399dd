/**
 * The begin of an installation: two secrets, one that goes to Aircall and back, and one that stays with the browser. Only who
 * has both can end it.
 */
import type { InstallState, SaveInstallState } from '../account-ports.ts';
import type { StoreResult } from '../core/model.ts';
import { succeed } from '../core/result.ts';
import type { Now } from '../ports.ts';

export type BeginInstallPorts = {
  readonly saveInstallState: SaveInstallState;
  /** Nobody can guess it. */
  readonly createSecret: () => string;
  readonly now: Now;
};

export type BeginInstall = (deadlineMs: number) => Promise<StoreResult<InstallState>>;

export function createBeginInstall(
  { saveInstallState, createSecret, now }: BeginInstallPorts,
  { stateForMs }: { readonly stateForMs: number },
): BeginInstall {
  return async function beginInstall(deadlineMs) {
    const begun = { state: createSecret(), browser: createSecret() };
    const saved = await saveInstallState(begun, now() + stateForMs, deadlineMs);
    return saved.ok ? succeed(begun) : saved;
  };
}
