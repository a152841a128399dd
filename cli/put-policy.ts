/**
 * A policy put into force by hand: what it changes is shown first, and done only if whoever sees it says so.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Operator } from '../lib/compose-operator.ts';
import type { StoreFailure } from '../lib/core/model.ts';
import { defaultPolicy, type Policy } from '../lib/core/policy.ts';
import type { StoredPolicy } from '../lib/ports.ts';
import { diffLines } from './diff-lines.ts';
import { describeStoreFailure } from './failures.ts';
import { formatPolicy } from './format-policy.ts';
import type { ExitCode, Shell } from './shell.ts';

export async function putIntoForce(
  shell: Shell,
  operator: Operator,
  policy: Policy,
  isConfirmed: boolean,
): Promise<ExitCode> {
  const { findPolicy, putPolicy } = operator.policies();
  const found = await findPolicy(operator.deadlineMs());
  const isUnreadable = !found.ok && found.failure.reason === 'item-unreadable';
  if (!found.ok && !isUnreadable) return shell.fail(describeStoreFailure(found.failure));

  const inForce = found.ok ? found.value : 'unreadable';
  const name = nameOf(inForce);
  if (!found.ok) shell.note(warnOfUnreadable(found.failure));
  const before = found.ok ? (found.value?.policy ?? defaultPolicy) : undefined;
  if (isDeepStrictEqual(before, policy)) {
    shell.note(`unchanged: ${name} says the same`);
    return 0;
  }
  const lines = before === undefined ? [] : toLines(before);
  for (const line of diffLines(lines, toLines(policy))) shell.print(line);

  const isWanted = isConfirmed || (await shell.confirm(`Put this into force in place of ${name}?`));
  if (isWanted === undefined) {
    return shell.refuse('nobody is here to confirm this: give --yes to put it into force; nothing was done');
  }
  if (!isWanted) return shell.fail('not confirmed, nothing was done');

  const put = await putPolicy(policy, inForce, operator.deadlineMs());
  if (!put.ok) return shell.fail(describeStoreFailure(put.failure));
  if (put.value.kind === 'changed-meanwhile') {
    return shell.fail(
      `someone else has replaced ${name} meanwhile, nothing was done; see what changes now, and try again`,
    );
  }
  shell.note(`version ${put.value.version} is stored, and in force for every call within 30 s`);
  return 0;
}

function nameOf(inForce: StoredPolicy | 'unreadable' | undefined): string {
  if (inForce === 'unreadable') return 'the one that cannot be read';
  return inForce === undefined ? 'the built-in policy' : `version ${inForce.version}`;
}

/** What it said can't be shown; the new one is, from its first line to its last. */
function warnOfUnreadable({ detail }: StoreFailure): string {
  return `warning: the policy in force cannot be read (${detail}): it is damaged, or newer than this program; it stays in the history as it is`;
}

/** Without the commas, which come and go with the lines after them. */
function toLines(policy: Policy): readonly string[] {
  return formatPolicy(policy).map((line) => line.replace(/,$/, ''));
}
