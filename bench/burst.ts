/**
 * A burst: more calls in one second than Aircall takes transfers in a minute, some of them announced twice. Every delivery that
 * comes while all containers are at work gets a container of its own, as at Lambda.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { announce } from './announcement.ts';
import { clockMs } from './clock.ts';
import { phoneOf } from './company.ts';
import type { Delays } from './delays.ts';
import type { Peer, PeerAnswer } from './peers/peer.ts';
import { startRouter } from './peers/router.ts';
import { type Percentiles, percentilesOf } from './percentiles.ts';
import { compareRecords } from './records.ts';
import { type FarWorld, withWorlds } from './start-worlds.ts';

export type BurstSize = {
  readonly deliveries: number;
  readonly duplicates: number;
  readonly withinMs: number;
};

export type Burst = BurstSize & {
  readonly requestsPerMinute: number;
  readonly answeredMs: Percentiles;
  readonly slowestMs: number;
  readonly notAnswered200: number;
  /** Deliveries by what they came to: `routed`, `duplicate`, `left because rate-limited`, … */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly transfers: number;
  /** Calls that Aircall was given more than once. */
  readonly transferredTwice: number;
  /** Calls without a decision record, or whose record and Aircall don't agree about a transfer. */
  readonly lost: number;
};

const requestsPerMinute = 120;
const containers = 160;
const stranger = '+442079460199';

export async function measureBurst(size: BurstSize, delays: Delays): Promise<Burst> {
  const calls = size.deliveries - size.duplicates;
  const options = {
    contacts: calls,
    agents: calls,
    rules: 0,
    ...delays,
    requestsPerMinute,
    isWatched: false,
  };

  return withWorlds([options], async ([world]) => {
    if (world === undefined) throw new Error('no world');
    const pool = await startPool(world, containers);
    const announced = Array.from({ length: calls }, (_, contact) => announce(phoneOf(contact)));
    const spread = [...announced, ...announced.slice(0, size.duplicates)].map((announcement, index) => ({
      announcement,
      // A duplicate comes half a second after the first, at any place among the others.
      atMs:
        index < calls
          ? (index * size.withinMs) / calls
          : ((index - calls) * size.withinMs) / calls + size.withinMs / 2,
    }));
    const begunMs = clockMs();
    const answered = await Promise.all(
      spread.map(async ({ announcement, atMs }) => {
        await sleep(Math.max(0, begunMs + atMs - clockMs()));
        const sentMs = clockMs();
        const answer = await pool(announcement.body);
        return { announcement, answer, tookMs: clockMs() - sentMs };
      }),
    );
    const transferred = await world.transferred();
    const callIds = announced.map(({ callId }) => callId);
    const { missing, different } = await compareRecords(world.environment, callIds, transferred);
    const tookMs = answered.map((one) => one.tookMs);

    return {
      ...size,
      requestsPerMinute,
      answeredMs: percentilesOf(tookMs),
      slowestMs: Math.max(...tookMs),
      notAnswered200: answered.filter(({ answer }) => answer.status !== 200).length,
      outcomes: countBy(answered.map(({ answer }) => describe(answer))),
      transfers: transferred.length,
      transferredTwice: transferred.length - new Set(transferred).size,
      lost: missing + different,
    };
  });
}

/** Containers that are warm; whoever finds none free waits for one. */
async function startPool(world: FarWorld, size: number): Promise<(body: string) => Promise<PeerAnswer>> {
  const free: Peer[] = [];
  for (let count = 0; count < size; count += 1) {
    const container = await startRouter(world.environment);
    // A stranger's call: it reads and writes, and asks nothing of Aircall.
    await container.deliver(announce(stranger).body);
    free.push(container);
  }
  const waiting: ((container: Peer) => void)[] = [];

  return async function deliver(body) {
    const container = free.pop() ?? (await new Promise<Peer>((resolve) => waiting.push(resolve)));
    try {
      return await container.deliver(body);
    } finally {
      const next = waiting.shift();
      if (next === undefined) free.push(container);
      else next(container);
    }
  };
}

function describe({ status, body }: PeerAnswer): string {
  const { outcome, because } = JSON.parse(body) as { outcome?: string; because?: string };
  if (outcome === undefined) return String(status);
  return outcome === 'left' || outcome === 'in-doubt' ? `${outcome} because ${because}` : outcome;
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
