import { createClock } from '../builders.ts';
import { createInMemoryStore } from '../fakes/in-memory-store.ts';
import { testWebhookSeenStore } from './webhook-seen.contract.ts';

testWebhookSeenStore('the in-memory store', async () => createInMemoryStore(createClock().now, 10_000));
