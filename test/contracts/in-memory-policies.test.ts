import { createClock } from '../builders.ts';
import { createInMemoryPolicies } from '../fakes/in-memory-policies.ts';
import { testPolicies } from './policies.contract.ts';

testPolicies('the in-memory store', async () => {
  const clock = createClock();
  return { store: createInMemoryPolicies(clock.now), clock };
});
