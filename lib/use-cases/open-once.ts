/**
 * An account's credentials, opened once and then kept in memory. A failure is not kept: the next question tries again.
 */
import type { GiveCredentials, OpenCredentials } from '../account-ports.ts';
import type { Account, AircallCredentials } from '../core/account.ts';
import { fail, succeed } from '../core/result.ts';
import type { Warn } from '../ports.ts';

export function createOpenOnce(
  { accountId, sealedCredentials }: Account,
  openCredentials: OpenCredentials,
  warn: Warn,
): GiveCredentials {
  let opened: AircallCredentials | undefined;
  let underWay: ReturnType<GiveCredentials> | undefined;

  return async function giveCredentials(deadlineMs) {
    if (opened !== undefined) return succeed(opened);

    underWay ??= open(deadlineMs).finally(() => {
      underWay = undefined;
    });
    return underWay;
  };

  async function open(deadlineMs: number): ReturnType<GiveCredentials> {
    if (sealedCredentials === undefined) return none('there are none');

    const answer = await openCredentials(accountId, sealedCredentials, deadlineMs);
    if (!answer.ok) {
      warn('credentials-closed', { accountId, detail: answer.failure.detail });
      return none(answer.failure.detail);
    }
    opened = answer.value;
    return succeed(opened);
  }

  function none(why: string) {
    return fail({
      reason: 'no-credentials',
      message: `credentials of account ${accountId}: ${why}`,
    } as const);
  }
}
