import { createClock } from '../builders.ts';
import { createInMemoryStore } from '../fakes/in-memory-store.ts';
import { testHops } from './hops.contract.ts';
import { claimLapsesAfterMs, testStore } from './store.contract.ts';

const createFixture = async () => {
  const clock = createClock();
  return { store: createInMemoryStore(clock.now, claimLapsesAfterMs), clock };
};

testStore('the in-memory store', createFixture);
testHops('the in-memory store', createFixture);
