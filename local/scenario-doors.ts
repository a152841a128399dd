/**
 * The router's two doors in a scenario, the webhook's and the call flow's: its real handlers in this process, unless it is
 * the time at which nobody is to be reached.
 */
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { limits } from '../lib/config.ts';
import { deliveryPath } from '../lib/core/choose-webhook.ts';
import { startContainer } from './deliver.ts';
import { createContext, toApiGatewayEvent } from './lambda.ts';
import type { Scenario } from './scenario.ts';
import type { Ask } from './simulated-aircall/call-flow.ts';
import type { Post } from './simulated-aircall/deliveries.ts';
import type { Scheduler } from './simulated-aircall/scheduler.ts';
import { ringToPath } from './stack.ts';

/** How the simulated Aircall gets to them. */
export type Doors = { readonly post: Post; readonly ask: Ask };

/** Each in a container of its own. */
export async function createDoors(
  { deliveries }: Scenario,
  scheduler: Scheduler,
  startMs: number,
): Promise<Doors> {
  const [webhook, ringTo] = await Promise.all([startContainer('webhook'), startContainer('ring-to')]);
  const refused = { status: 503, text: '' };

  function isRefused(): boolean {
    const { fromSeconds = 0, toSeconds = 0 } = deliveries?.refused ?? {};
    const sinceStartMs = scheduler.now() - startMs;
    return sinceStartMs >= fromSeconds * 1000 && sinceStartMs < toSeconds * 1000;
  }

  return {
    async post(_url, body) {
      if (isRefused()) return refused;
      return read(await webhook.handler(toApiGatewayEvent(deliveryPath, body), createContext()));
    },
    async ask({ secret }, body) {
      if (isRefused()) return refused;
      const event = toApiGatewayEvent(ringToPath, body);
      Object.assign(event.headers, { authorization: `Bearer ${secret}` });
      return read(await ringTo.handler(event, createContext(limits.ringTo.lambdaTimeoutMs)));
    },
  };
}

function read({ statusCode = 200, body: text = '' }: APIGatewayProxyStructuredResultV2) {
  return { status: statusCode, text };
}
