/**
 * Our client in front of the simulated Aircall, on a clock that only moves when the client pauses.
 */
import {
  type AircallClock,
  type AircallConnection,
  createAircallClient,
  type RequestAircall,
} from '../../../lib/adapters/aircall/client.ts';
import type { AircallCredentials } from '../../../lib/core/account.ts';
import { succeed } from '../../../lib/core/result.ts';
import {
  type SimulatedAircall,
  type SimulatedAircallOptions,
  startSimulatedAircall,
} from '../../../local/simulated-aircall.ts';

/** 22 November 2025, 22:40:00 UTC. */
export const november = 1_763_851_200_000;

export const credentials = { apiId: 'api-id-of-ours', apiToken: 'api-token-of-ours' };
export const apiKey: AircallCredentials = { kind: 'api-key', ...credentials };

export type Simulation = {
  readonly aircall: SimulatedAircall;
  readonly clock: AircallClock;
  readonly requestAircall: RequestAircall;
  /** Every pause the client made, in ms. None of them took any time. */
  readonly pauses: number[];
};

export async function startSimulation(
  options: Omit<SimulatedAircallOptions, 'apiId' | 'apiToken'> = {},
): Promise<Simulation> {
  let nowMs = november;
  const pauses: number[] = [];
  const clock: AircallClock = {
    now: () => nowMs,
    sleep: async (ms) => {
      pauses.push(ms);
      nowMs += ms;
    },
  };
  const aircall = await startSimulatedAircall({ ...credentials, now: clock.now, ...options });

  return { aircall, clock, requestAircall: createAircallClient(connectionTo(aircall.url), clock), pauses };
}

/** @param given what a request proves itself with */
export function connectionTo(url: string, given: AircallCredentials = apiKey): AircallConnection {
  return { url, userAgent: 'call-router/0.1.0', giveCredentials: async () => succeed(given) };
}
