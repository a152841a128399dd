import { createClock } from '../builders.ts';
import { createInMemoryTimers } from '../fakes/in-memory-timers.ts';
import { testRingTimers } from './ring-timers.contract.ts';

testRingTimers('timers in memory', async () => {
  const clock = createClock();
  const { startRingTimer, due } = createInMemoryTimers(clock.now);
  return { startRingTimer, takeDue: async () => due(clock.now()), clock };
});
