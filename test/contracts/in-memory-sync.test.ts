import { createClock } from '../builders.ts';
import { createInMemoryStore } from '../fakes/in-memory-store.ts';
import { testSyncStore } from './sync.contract.ts';

testSyncStore('the in-memory store', async () => createInMemoryStore(createClock().now, 10_000));
