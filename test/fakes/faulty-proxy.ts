/**
 * A way to the embedded DynamoDB that can be made bad: for faults that the database itself won't show.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { sendHugeBody } from './huge-body.ts';
import { spoilTypes } from './spoil-types.ts';

/** Where it doesn't say "after work", the database is not asked. */
export type ProxyMode =
  | 'pass'
  /** The right answer, a quarter of a second late. */
  | 'slow'
  | 'hang'
  | 'hang-after-work'
  | 'reset'
  | 'reset-after-work'
  | 'throttle'
  | 'fail'
  | 'garbage'
  /** The right answer with every attribute of another type. */
  | 'wrong-types'
  /** Whatever `shape` says. */
  | 'wrong-shape'
  /** The first half of the right answer. */
  | 'truncated'
  /** The same, and then silence. */
  | 'stall-after-work'
  /** 30 MB of JSON. */
  | 'huge';

export type FaultyProxy = {
  readonly url: string;
  mode: ProxyMode;
  /** Only requests suffer whose operation, or body, matches: /UpdateItem/, for instance, or /decisionRecord/. */
  only: RegExp;
  shape: string;
  /** The operations asked for, in order. */
  readonly operations: string[];
  /** How much of its huge answers was taken. */
  hugeBytesTaken: number;
  readonly close: () => Promise<void>;
};

const slowMs = 250;

export async function startFaultyProxy(targetUrl: string): Promise<FaultyProxy> {
  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
    proxy.operations.push(operation);
    const body = await buffer(request);
    const mode = proxy.only.test(`${operation} ${body}`) ? proxy.mode : 'pass';
    switch (mode) {
      case 'hang':
        return;
      case 'hang-after-work':
        await pass();
        return;
      case 'reset':
        return request.socket.destroy();
      case 'reset-after-work':
        await pass();
        return request.socket.destroy();
      case 'throttle':
        return answer(400, errorOf('ThrottlingException', 'slow down'));
      case 'fail':
        return answer(500, errorOf('InternalServerError', 'oops'));
      case 'garbage':
        return answer(200, '<html>');
      case 'wrong-shape':
        return answer(200, proxy.shape);
      case 'huge':
        proxy.hugeBytesTaken += await sendHugeBody(
          response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }),
        );
        return;
    }

    const { status, text } = await pass();
    const half = text.slice(0, Math.ceil(text.length / 2));
    switch (mode) {
      case 'slow':
        return setTimeout(() => answer(status, text), slowMs);
      case 'wrong-types':
        return answer(status, spoilTypes(text));
      case 'truncated':
        return answer(status, half);
      case 'stall-after-work':
        return response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).write(half);
      case 'pass':
        return answer(status, text);
    }

    async function pass() {
      const headers = new Headers({ ...(request.headers as Record<string, string>) });
      for (const name of ['host', 'connection', 'content-length']) headers.delete(name);
      const passed = await fetch(targetUrl, { method: 'POST', headers, body: new Uint8Array(body) });
      return { status: passed.status, text: await passed.text() };
    }

    function answer(status: number, text: string) {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(text);
    }

    /** It quotes what was asked, as errors of databases do. */
    function errorOf(name: string, message: string): string {
      const __type = `com.amazonaws.dynamodb.v20120810#${name}`;
      return JSON.stringify({ __type, message: `${message}: ${body}` });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const proxy: FaultyProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mode: 'pass',
    only: /./,
    shape: '{"Item":[1],"Items":{"a":{}},"Attributes":"text"}',
    operations: [],
    hugeBytesTaken: 0,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}
