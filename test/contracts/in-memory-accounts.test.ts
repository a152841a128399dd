import { createClock } from '../builders.ts';
import { createInMemoryAccounts } from '../fakes/in-memory-accounts.ts';
import { testAccounts } from './accounts.contract.ts';

testAccounts('accounts in memory', async () => {
  const clock = createClock();
  return { store: createInMemoryAccounts(clock.now), clock, own: 'own' };
});
