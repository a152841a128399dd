import { expect, it } from 'vitest';
import type { StoreFailure } from '../../lib/core/model.ts';
import { defaultPolicy } from '../../lib/core/policy.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import type { ContactNews } from '../../lib/core/sync-contact.ts';
import { type AssignOwnerPorts, createAssignOwner } from '../../lib/use-cases/assign-owner.ts';
import { contactId, phone, t0 } from '../builders.ts';

const deadlineMs = t0 + 4000;
const storeDown: StoreFailure = { reason: 'store-unavailable', detail: 'TimeoutError' };
const zoe: ContactNews = {
  kind: 'updated',
  contactId: contactId('700001'),
  atMs: t0,
  name: 'Zoë Martin',
  attributes: { owner: 'jane@example.com' },
  phones: [phone('+442079460123'), phone('+442079460124')],
};

async function assign(news: ContactNews, isWanted?: boolean, changes: Partial<AssignOwnerPorts> = {}) {
  const asked: unknown[] = [];
  const assignOwner = createAssignOwner({
    currentPolicy: async (boundMs) => {
      asked.push(['policy', boundMs - t0]);
      return succeed({ version: 1, policy: { ...defaultPolicy, assignOwners: true } });
    },
    assignUnassigned: async (to, owner, boundMs) => {
      asked.push([to, owner, boundMs - t0]);
      return succeed(to === '+442079460123' ? 'assigned' : 'kept');
    },
    ...changes,
  });
  return { assigned: await assignOwner(news, isWanted, deadlineMs), asked };
}

const both = [
  ['+442079460123', 'jane@example.com', 4000],
  ['+442079460124', 'jane@example.com', 4000],
];

it('the owner is assigned to each phone, as the policy says, and those are counted that nobody had', async () => {
  expect(await assign(zoe)).toEqual({ assigned: succeed(1), asked: [['policy', 4000], ...both] });
});

it('the policy is not asked where whoever asks wants it', async () => {
  expect(await assign(zoe, true)).toEqual({ assigned: succeed(1), asked: both });
});

it.each<[string, ContactNews, boolean | undefined]>([
  ['a contact that is gone', { kind: 'deleted', contactId: contactId('700001'), atMs: t0 }, true],
  ['a contact without an owner', { ...zoe, attributes: {} }, true],
  ['one of whom that is not wanted', zoe, false],
])('nothing is asked for %s', async (_, news, isWanted) => {
  expect(await assign(news, isWanted)).toEqual({ assigned: succeed(0), asked: [] });
});

it('without a policy nobody is assigned', async () => {
  const currentPolicy = async () => fail(storeDown);
  expect(await assign(zoe, undefined, { currentPolicy })).toEqual({ assigned: fail(storeDown), asked: [] });
});
