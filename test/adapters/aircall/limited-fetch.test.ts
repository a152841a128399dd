/** Answers of Aircall that nobody could have meant. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createAircallClient } from '../../../lib/adapters/aircall/client.ts';
import { succeed } from '../../../lib/core/result.ts';
import { sendHugeBody } from '../../fakes/huge-body.ts';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function ask(listener: RequestListener) {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const requestAircall = createAircallClient({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    giveCredentials: async () => succeed(undefined),
    userAgent: 'call-router/0.1.0',
  });
  const request = { method: 'GET', path: '/v1/calls/1', route: '/v1/calls/:id', timeoutMs: 5000 } as const;
  return requestAircall({ ...request, deadlineMs: Date.now() + 5000 });
}

it('is not read to the end where it is 30 MB, and is unreadable', async () => {
  const taken: number[] = [];
  const answer = await ask(async (_, response) => {
    taken.push(await sendHugeBody(response.writeHead(200, { 'content-type': 'application/json' })));
  });

  expect(answer).toEqual({
    ok: false,
    failure: { reason: 'unreadable-answer', message: 'GET /v1/calls/:id: the answer is too large' },
  });
  await expect.poll(() => taken).toHaveLength(1);
  expect(taken[0]).toBeLessThan(20_000_000);
});

it('is still a refusal where a 403 is 30 MB', async () => {
  const answer = await ask(async (_, response) => {
    await sendHugeBody(response.writeHead(403, { 'content-type': 'application/json' }));
  });

  expect(answer).toMatchObject({ ok: false, failure: { reason: 'forbidden', status: 403 } });
});

it('is read where it is 2 MiB, in many pieces', async () => {
  const text = 'x'.repeat(2 * 1024 * 1024 - 2);
  expect(await ask((_, response) => response.end(`"${text}"`))).toEqual({ ok: true, value: text });
});

it('is lost where it stops half-way, and late where it only stalls', async () => {
  const broken = await ask((request, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('{"call":', () => request.socket.destroy());
  });
  expect(broken).toMatchObject({ ok: false, failure: { reason: 'lost-answer' } });

  const stalled = await ask((_, response) => response.writeHead(200).write('{"call":'));
  expect(stalled).toMatchObject({ ok: false, failure: { reason: 'no-answer' } });
});
