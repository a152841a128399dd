/** Guards of the router, each taken away: a harness that finds nothing wrong with these proves nothing. */
import { succeed } from '../../lib/core/result.ts';
import { t0 } from '../builders.ts';
import type { Sabotage } from './world.ts';

/** Everyone who asks for a call has it. */
export const withoutClaim: Sabotage = ({ claimCall }) => ({
  claimCall: async (...given) => {
    const claimed = await claimCall(...given);
    return claimed.ok ? succeed({ ...claimed.value, claim: 'claimed' }) : claimed;
  },
});

/** A lapsed claim is taken over as if nobody had had it. */
export const withoutDoubt: Sabotage = ({ claimCall }) => ({
  claimCall: async (...given) => {
    const claimed = await claimCall(...given);
    const isTaken = claimed.ok && claimed.value.claim === 'in-doubt';
    return isTaken ? succeed({ ...claimed.value, claim: 'claimed' }) : claimed;
  },
});

/** Everyone who asks for a hop has it. */
export const withoutHopClaim: Sabotage = ({ claimHop }) => ({
  claimHop: async (...given) => {
    await claimHop(...given);
    return succeed('claimed');
  },
});

/** Aircall is not asked how a call is: it is as it was when it began. */
export const withoutReading: Sabotage = () => ({
  readCall: async () =>
    succeed({ status: 'ringing', startedAtMs: t0, isTouched: false, hasAnswerTime: false }),
});

/** Whoever decided stores it, whoever has the claim by now. */
export const withoutOwnership: Sabotage = ({ claimCall, settleCall }) => {
  const owners = new Map<string, Parameters<typeof claimCall>[2]>();
  return {
    claimCall: async (...given) => {
      const claimed = await claimCall(...given);
      const [callId, , owner] = given;
      if (claimed.ok && claimed.value.claim !== 'duplicate') owners.set(callId, owner);
      return claimed;
    },
    settleCall: async (record, owner, deadlineMs) =>
      settleCall(record, owners.get(record.callId) ?? owner, deadlineMs),
  };
};

/** A port that does not keep its word to answer by the deadline. */
export const withoutDeadline: Sabotage = () => ({ findCaller: () => new Promise(() => undefined) });
