import { createClock } from '../builders.ts';
import { createInMemoryStore } from '../fakes/in-memory-store.ts';
import { claimLapsesAfterMs, testStore } from './store.contract.ts';

testStore('the in-memory store', async () => {
  const clock = createClock();
  return { store: createInMemoryStore(clock.now, claimLapsesAfterMs), clock };
});
