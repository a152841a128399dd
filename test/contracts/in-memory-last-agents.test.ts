import { createClock } from '../builders.ts';
import { createInMemoryStore } from '../fakes/in-memory-store.ts';
import { testLastAgentStore } from './last-agents.contract.ts';

testLastAgentStore('the in-memory store', async () => createInMemoryStore(createClock().now, 10_000));
