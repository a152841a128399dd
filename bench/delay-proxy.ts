/**
 * A server as if it were far away: every request is held for a while, half on its way there and half on its answer's way
 * back, and written down with when it came and when its answer left.
 */
import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request as startRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { clockMs } from './clock.ts';

export type ObservedRequest = {
  /** Of DynamoDB the operation, `UpdateItem`; else method and path. */
  readonly what: string;
  readonly startMs: number;
  /** When it reached the server behind. */
  readonly arrivedMs: number;
  readonly endMs: number;
  readonly status: number;
  /** DynamoDB's capacity units, where they were asked for. */
  readonly capacityUnits?: number;
};

export type DelayProxy = {
  readonly url: string;
  /** What was answered so far, in the order of the answers. */
  readonly observed: ObservedRequest[];
  readonly close: () => Promise<void>;
};

export type DelayProxyOptions = {
  readonly targetUrl: string;
  readonly delayMs: number;
  /** Whether DynamoDB is asked what each request consumes: the client doesn't know. @default false */
  readonly asksForCapacity?: boolean;
};

export async function startDelayProxy(options: DelayProxyOptions): Promise<DelayProxy> {
  const { targetUrl, delayMs, asksForCapacity = false } = options;
  const observed: ObservedRequest[] = [];
  const agent = new Agent({ keepAlive: true });
  const server = createServer((request, response) => {
    pass(request)
      .then(({ status, headers, body, note }) => {
        response.writeHead(status, headers).end(body, () => {
          observed.push({ ...note, status, endMs: clockMs() });
        });
      })
      // A client that hung up, or our own closing.
      .catch(() => request.socket.destroy());
  });
  // Longer than the clients keep theirs: a connection that closes as it is used would count as theirs to mend.
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  async function pass(request: IncomingMessage) {
    const startMs = clockMs();
    const sent = await buffer(request);
    await sleep(delayMs / 2);
    const arrivedMs = clockMs();
    const text = asksForCapacity ? withCapacity(sent) : sent;
    const headers = { ...request.headers, host: new URL(targetUrl).host, 'content-length': text.byteLength };
    const passed = startRequest(targetUrl + request.url, { method: request.method, headers, agent });
    passed.end(text);
    const [answer] = (await once(passed, 'response')) as [IncomingMessage];
    const body = await buffer(answer);
    await sleep(Math.max(0, delayMs - (arrivedMs - startMs)));
    const capacityUnits = asksForCapacity ? readCapacity(body) : undefined;
    return {
      status: answer.statusCode ?? 0,
      headers: answer.headers,
      body,
      note: {
        what: nameOf(request),
        startMs,
        arrivedMs,
        ...(capacityUnits !== undefined && { capacityUnits }),
      },
    };
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    observed,
    close: async () => {
      server.closeAllConnections();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function nameOf({ headers, method, url }: IncomingMessage): string {
  const operation = String(headers['x-amz-target'] ?? '').split('.')[1];
  return operation ?? `${method} ${url}`;
}

function withCapacity(body: Buffer): Buffer {
  return Buffer.from(JSON.stringify({ ...JSON.parse(body.toString()), ReturnConsumedCapacity: 'TOTAL' }));
}

function readCapacity(body: Buffer): number | undefined {
  const answer: { ConsumedCapacity?: { CapacityUnits?: number } } = JSON.parse(body.toString());
  return answer.ConsumedCapacity?.CapacityUnits;
}
