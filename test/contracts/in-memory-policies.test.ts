import { createClock } from '../builders.ts';
import { createInMemoryPolicies } from '../fakes/in-memory-policies.ts';
import { testPolicies } from './policies.contract.ts';

testPolicies('the in-memory store', async () => {
  const clock = createClock();
  const store = createInMemoryPolicies(clock.now);
  return { store, clock, damage: async () => store.damage() };
});
