/**
 * Ways to bring a delivery to a router: its real Lambda handler in this process, or a URL.
 */
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { createContext, toApiGatewayEvent } from './lambda.ts';
import { type ExpectedAnswer, type SampleEvent, stampPolicy } from './sample-events.ts';
import { startLocalStack } from './stack.ts';

export type Deliver = {
  readonly deliver: (body: string) => Promise<ExpectedAnswer>;
  /** Brings Aircall, the agents and the policy to what a sample is about, where they are ours. */
  readonly prepare: (sample: SampleEvent, callId: string | undefined) => Promise<void>;
  /** What Aircall has received so far; `undefined` where it can't be seen. */
  readonly transfers: () => readonly object[] | undefined;
  readonly close: () => Promise<void>;
};

/** The handler as Lambda loads it, over a local stack of its own. Its log lines are not shown. */
export async function startHandler(): Promise<Deliver> {
  const stack = await startLocalStack();
  Object.assign(process.env, stack.environment, {
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  });
  let { handler } = await startContainer('webhook');
  let isPolicyChanged = false;

  return {
    deliver: async (body) =>
      readAnswer(await handler(toApiGatewayEvent('/aircall/calls', body), createContext())),
    prepare: async (sample, callId) => {
      const { agents, aircall, lastAgents, policy } = sample.entry;
      stack.aircall.heal();
      for (const [route, fault] of Object.entries(aircall?.faults ?? {}))
        stack.aircall.failAlways(route, fault);
      if (callId !== undefined) stack.aircall.putCall({ id: callId, status: aircall?.status ?? 'initial' });
      await stack.resetAgents(agents);
      await stack.setLastAgents(lastAgents ?? {});
      if (policy === undefined && !isPolicyChanged) return;

      await stack.setPolicy(stampPolicy(sample, Date.now()));
      isPolicyChanged = policy !== undefined;
      ({ handler } = await startContainer('webhook'));
    },
    transfers: () => stack.aircall.transfers.map(({ target }) => target),
    close: stack.close,
  };
}

type Functions = {
  readonly webhook: typeof import('../functions/webhook.ts');
  readonly 'ring-timeout': typeof import('../functions/ring-timeout.ts');
  readonly 'ring-to': typeof import('../functions/ring-to.ts');
};

let containers = 0;

/** The handler in a container of its own: one that runs keeps its policy for half a minute. */
export async function startContainer<Name extends keyof Functions>(name: Name): Promise<Functions[Name]> {
  containers += 1;
  const url = new URL(`../functions/${name}.ts?container=${containers}`, import.meta.url);
  return import(/* @vite-ignore */ url.href);
}

export function deliverToUrl(url: string): Deliver {
  return {
    deliver: async (body) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(5000) });
      return readAnswer({ statusCode: response.status, body: await response.text() });
    },
    prepare: async () => undefined,
    transfers: () => undefined,
    close: async () => undefined,
  };
}

function readAnswer({ statusCode, body }: APIGatewayProxyStructuredResultV2): ExpectedAnswer {
  return { status: statusCode ?? 200, ...parseObject(body ?? '') };
}

/** The fields of an answer; whoever else answers at that address may not speak JSON. */
function parseObject(text: string): object {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null
      ? parsed
      : { detail: 'not an answer of this router' };
  } catch {
    return { detail: 'not an answer of this router' };
  }
}
