/**
 * What calls cost in requests: to Aircall for a thousand of them, and by the refresh of agents beside them; to DynamoDB for one,
 * with the capacity it consumes.
 */
import { createContext } from '../local/lambda.ts';
import type { Delays } from './delays.ts';
import { type Delivery, deliverCall, joinObserved } from './measured-call.ts';
import { startRouter } from './peers/router.ts';
import { withWorlds } from './start-worlds.ts';

export type Requests = {
  readonly calls: number;
  readonly aircallPerThousandCalls: number;
  readonly dynamodbPerCall: number;
  /** As the embedded DynamoDB counts them: of the table, without what writing its indexes consumes. */
  readonly readUnitsPerCall: number;
  readonly writeUnitsPerCall: number;
  readonly refresh: {
    readonly agents: number;
    readonly everyMinutes: number;
    readonly aircall: number;
    readonly dynamodb: number;
  };
};

const agents = 20;

export async function measureRequests(calls: number, delays: Delays): Promise<Requests> {
  const options = { contacts: 1000, agents, rules: 0, ...delays, asksForCapacity: true };

  return withWorlds([options], async ([world]) => {
    if (world === undefined) throw new Error('no world');
    const router = await startRouter(world.environment);
    // What is remembered from then on: the policy, and who is who.
    for (let call = 0; call < agents; call += 1) await deliverCall(world, router, call);
    await world.takeObserved();

    const deliveries: Delivery[] = [];
    for (let call = 0; call < calls; call += 1)
      deliveries.push(await deliverCall(world, router, call % 1000));
    const measured = joinObserved(deliveries, await world.takeObserved());
    const perCall = (count: (call: (typeof measured)[number]) => number) =>
      measured.reduce((sum, call) => sum + count(call), 0) / measured.length;

    const { handler } = await import('../functions/refresh-agents.ts');
    await handler({}, createContext(60_000));
    const refreshed = await world.takeObserved();

    return {
      calls,
      aircallPerThousandCalls: 1000 * perCall(({ aircallRequests }) => aircallRequests),
      dynamodbPerCall: perCall(({ dynamodbRequests }) => dynamodbRequests),
      readUnitsPerCall: perCall(({ readUnits }) => readUnits),
      writeUnitsPerCall: perCall(({ writeUnits }) => writeUnits),
      refresh: {
        agents,
        everyMinutes: 5,
        aircall: refreshed.aircall.length,
        dynamodb: refreshed.dynamodb.length,
      },
    };
  });
}
