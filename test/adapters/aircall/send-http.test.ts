/**
 * What the client's tests over HTTP do not come to: connections that are kept, and closed meanwhile.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendHttp } from '../../../lib/adapters/aircall/send-http.ts';

let server: Server;
let url: string;
let connections: Set<Socket>;
let requests: string[];
let closesKept: boolean;

beforeEach(async () => {
  connections = new Set();
  requests = [];
  closesKept = false;
  server = createServer((request, response) => {
    requests.push(request.method ?? '');
    const isKept = connections.has(request.socket);
    connections.add(request.socket);
    if (isKept && closesKept) request.socket.resetAndDestroy();
    else request.resume().on('end', () => response.end('{}'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.close();
  server.closeAllConnections();
});

function send(method: string) {
  return sendHttp({ method, url, body: method === 'GET' ? undefined : '{}', timeoutMs: 2000 });
}

describe('a connection', () => {
  it('is kept for the next request', async () => {
    await send('GET');
    await send('POST');

    expect(connections.size).toBe(1);
  });

  it('that was closed meanwhile is replaced by a new one for what only reads', async () => {
    await send('GET');
    closesKept = true;

    expect(await send('GET')).toMatchObject({ status: 200, text: '{}' });
    expect(requests).toEqual(['GET', 'GET', 'GET']);
    expect(connections.size).toBe(2);
  });

  it('that was closed meanwhile fails what may have been carried out, which is not sent again', async () => {
    await send('GET');
    closesKept = true;

    await expect(send('POST')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(requests).toEqual(['GET', 'POST']);
  });
});

it('says nothing in clear where the URL wants TLS', async () => {
  const asked = sendHttp({ method: 'GET', url: url.replace('http:', 'https:'), timeoutMs: 2000 });

  await expect(asked).rejects.toMatchObject({ code: expect.stringMatching(/^(EPROTO|ERR_SSL_|ECONNRESET)/) });
  expect(requests).toEqual([]);
});
