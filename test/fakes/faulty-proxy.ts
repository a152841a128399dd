/**
 * A way to the embedded DynamoDB that can be made bad: for faults that the database itself won't show.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export type ProxyMode = 'pass' | 'hang' | 'reset' | 'throttle' | 'garbage' | 'fail';

export type FaultyProxy = {
  readonly url: string;
  mode: ProxyMode;
  /** Only requests suffer whose operation, or body, matches: /UpdateItem/, for instance, or /decisionRecord/. */
  only: RegExp;
  /** The operations asked for, in order. */
  readonly operations: string[];
  readonly close: () => Promise<void>;
};

export async function startFaultyProxy(targetUrl: string): Promise<FaultyProxy> {
  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
    proxy.operations.push(operation);
    const body = await buffer(request);
    const mode = proxy.only.test(`${operation} ${body}`) ? proxy.mode : 'pass';
    switch (mode) {
      case 'hang':
        return;
      case 'reset':
        return request.socket.destroy();
      case 'throttle':
        return answer(
          400,
          '{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"slow down"}',
        );
      case 'fail':
        return answer(
          500,
          '{"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError","message":"oops"}',
        );
      case 'garbage':
        return answer(200, '<html>');
      case 'pass': {
        const headers = new Headers({ ...(request.headers as Record<string, string>) });
        for (const name of ['host', 'connection', 'content-length']) headers.delete(name);
        const passed = await fetch(targetUrl, { method: 'POST', headers, body: new Uint8Array(body) });
        return answer(passed.status, await passed.text());
      }
    }

    function answer(status: number, text: string) {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(text);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const proxy: FaultyProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mode: 'pass',
    only: /./,
    operations: [],
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}
