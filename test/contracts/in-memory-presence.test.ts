import { createClock } from '../builders.ts';
import { createInMemoryStore } from '../fakes/in-memory-store.ts';
import { testPresenceStore } from './presence.contract.ts';

testPresenceStore('the in-memory store', async () => {
  const clock = createClock();
  return { store: createInMemoryStore(clock.now, 10_000), clock };
});
