/**
 * What users do because of calls, as `/availabilities` shows it: in a call while they talk, then in their wrap-up, if
 * they have one, then available again.
 */
import type { Company, SimulatedAvailability } from './company.ts';
import type { Deliveries, DeliveryOptions } from './deliveries.ts';
import { printUserEvents } from './event-data.ts';
import type { Scheduler } from './scheduler.ts';
import { availabilityOf } from './users.ts';

export function createUsersOnCalls(company: Company, deliveries: Deliveries, scheduler: Scheduler) {
  const { users } = company;

  function leaveCall(userId: number, options?: DeliveryOptions): void {
    // Whoever went offline during the call stays so.
    if (!is(userId, 'in_call')) return;

    const wrapUpSeconds = users.get(userId)?.wrapUpSeconds ?? 0;
    set(userId, wrapUpSeconds === 0 ? 'available' : 'after_call_work');
    if (wrapUpSeconds === 0) return;

    tell('user.wut_start', userId, options);
    scheduler.at(scheduler.now() + wrapUpSeconds * 1000, () => {
      if (!is(userId, 'after_call_work')) return;
      set(userId, 'available');
      tell('user.wut_end', userId, options);
    });
  }

  function tell(event: string, userId: number, options?: DeliveryOptions): void {
    const user = users.get(userId);
    if (user === undefined) return;
    for (const one of printUserEvents(event, user, company)) deliveries.send(one, options);
  }

  function is(userId: number, availability: SimulatedAvailability): boolean {
    const user = users.get(userId);
    return user !== undefined && availabilityOf(user) === availability;
  }

  function set(userId: number, availability: SimulatedAvailability): void {
    const user = users.get(userId);
    if (user !== undefined) users.set(userId, { ...user, availability });
  }

  return { enterCall: (userId: number) => set(userId, 'in_call'), leaveCall };
}
