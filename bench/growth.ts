/**
 * Time to transfer as a company grows: companies of several sizes side by side, one call after the other, in turn. The
 * smallest one is there twice: what its twin differs by is noise.
 */
import type { CompanySize } from './company.ts';
import type { Delays } from './delays.ts';
import { type Delivery, deliverCall, joinObserved } from './measured-call.ts';
import { startRouter } from './peers/router.ts';
import { type Percentiles, percentilesOf } from './percentiles.ts';
import { withWorlds } from './start-worlds.ts';

export type Grown = {
  /** What grew. */
  readonly of: 'nothing' | keyof CompanySize;
  readonly size: CompanySize;
  readonly timeToTransfer: Percentiles;
  readonly ratioToSmallest: number;
};

export type Growth = {
  readonly callsOfEach: number;
  /** By how much the twin of the smallest differs from it. */
  readonly noise: number;
  readonly sizes: readonly Grown[];
};

export type GrowthSizes = Readonly<Record<keyof CompanySize, readonly [number, ...number[]]>>;

export async function measureGrowth(
  sizes: GrowthSizes,
  callsOfEach: number,
  warmUpCalls: number,
  delays: Delays,
  advance: () => void,
): Promise<Growth> {
  const companies = listCompanies(sizes);

  return withWorlds(
    companies.map(({ size }) => ({ ...size, ...delays })),
    async (worlds) => {
      const measured = [];
      for (const world of worlds) {
        const router = await startRouter(world.environment);
        // A client reads its environment when it is first used.
        for (let call = 0; call < warmUpCalls; call += 1) await deliverCall(world, router, call % callers);
        await world.takeObserved();
        measured.push({ world, router, deliveries: [] as Delivery[] });
      }
      for (let call = 0; call < callsOfEach; call += 1) {
        for (const { world, router, deliveries } of measured) {
          deliveries.push(await deliverCall(world, router, call % callers));
        }
        advance();
      }

      const times: Percentiles[] = [];
      for (const { world, deliveries } of measured) {
        const calls = joinObserved(deliveries, await world.takeObserved());
        times.push(percentilesOf(calls.map(({ untilTransferredMs }) => untilTransferredMs)));
      }
      return summarize(companies, times, callsOfEach);
    },
  );
}

/** Contacts who call: the same in each company. */
const callers = 100;

type Company = Pick<Grown, 'of' | 'size'>;

export function listCompanies(sizes: GrowthSizes): readonly Company[] {
  const smallest = { contacts: sizes.contacts[0], agents: sizes.agents[0], rules: sizes.rules[0] };
  const grown = (['contacts', 'agents', 'rules'] as const).flatMap((of) =>
    sizes[of].slice(1).map((more) => ({ of, size: { ...smallest, [of]: more } })),
  );
  return [{ of: 'nothing', size: smallest }, { of: 'nothing', size: smallest }, ...grown];
}

function summarize(
  companies: readonly Company[],
  times: readonly Percentiles[],
  callsOfEach: number,
): Growth {
  const [smallest, twin] = times;
  if (smallest === undefined || twin === undefined) throw new Error('no company was measured');

  return {
    callsOfEach,
    noise: Math.abs(twin.p50 / smallest.p50 - 1),
    sizes: companies.map((company, index) => {
      const timeToTransfer = times[index] ?? smallest;
      return { ...company, timeToTransfer, ratioToSmallest: timeToTransfer.p50 / smallest.p50 };
    }),
  };
}
