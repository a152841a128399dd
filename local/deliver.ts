/**
 * Ways to bring a delivery to a router: its real Lambda handler in this process, or a URL.
 */
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { createContext, toApiGatewayEvent } from './lambda.ts';
import type { ExpectedAnswer } from './sample-events.ts';
import { startLocalStack } from './stack.ts';

export type Deliver = {
  readonly deliver: (body: string) => Promise<ExpectedAnswer>;
  /** Lets Aircall know of a call, where that Aircall is ours. */
  readonly prepareCall: (callId: string, status: 'initial' | 'answered' | 'done') => void;
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
  const { handler } = await import('../functions/webhook.ts');

  return {
    deliver: async (body) =>
      readAnswer(await handler(toApiGatewayEvent('/aircall/calls', body), createContext())),
    prepareCall: (id, status) => stack.aircall.putCall({ id, status }),
    transfers: () => stack.aircall.transfers.map(({ target }) => target),
    close: stack.close,
  };
}

export function deliverToUrl(url: string): Deliver {
  return {
    deliver: async (body) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(5000) });
      return readAnswer({ statusCode: response.status, body: await response.text() });
    },
    prepareCall: () => undefined,
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
