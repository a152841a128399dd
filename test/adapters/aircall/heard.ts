/**
 * An Aircall that says the same to everyone and keeps what it heard: for what the simulated one doesn't show of a request.
 */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach } from 'vitest';

export type Heard = {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

export type Listener = { readonly url: string; readonly heard: readonly Heard[] };

/** @returns how to start one, which ends with the test */
export function useListener(): (status: number, answer?: string) => Promise<Listener> {
  let servers: Server[] = [];
  afterEach(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
    servers = [];
  });

  return async function listen(status, answer = '') {
    const heard: Heard[] = [];
    const server = createServer(async (request, response) => {
      const { method, url: path, headers } = request;
      heard.push({ method, path, headers, body: await text(request) });
      response.writeHead(status, { 'content-type': 'application/json' }).end(answer);
    });
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard };
  };
}
