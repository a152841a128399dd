import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCompareClocks, createPingAircall } from '../../../lib/adapters/aircall/ping.ts';
import { startSimulation } from './simulation.ts';

/** 22 November 2025, 22:40:00 UTC. */
const november = 1_763_851_200_000;

let date: string | undefined;
let server: Server;
let url: string;
beforeEach(async () => {
  server = createServer((_request, response) => {
    response.sendDate = false;
    if (date !== undefined) response.setHeader('date', date);
    response.statusCode = 403;
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Our clock shows these times, one after the other. */
function compare(...times: number[]) {
  const now = () => times.shift() ?? Number.NaN;
  return createCompareClocks(url, now, 2000)(november + 60_000);
}

describe('our clock against the one of Aircall', () => {
  it('is ahead by a positive time', async () => {
    date = 'Sat, 22 Nov 2025 22:39:18 GMT';
    expect(await compare(november, november)).toEqual({ ok: true, value: { aheadMs: 42_000 } });
  });

  it('is behind by a negative time', async () => {
    date = 'Sat, 22 Nov 2025 22:40:42 GMT';
    expect(await compare(november, november)).toEqual({ ok: true, value: { aheadMs: -42_000 } });
  });

  it('is read in the middle of the way', async () => {
    date = 'Sat, 22 Nov 2025 22:40:00 GMT';
    expect(await compare(november, november + 3000)).toEqual({ ok: true, value: { aheadMs: 1500 } });
  });

  it.each([undefined, 'now'])('cannot be compared where the answer has the date %j', async (told) => {
    date = told;
    expect(await compare(november, november)).toEqual({ ok: true, value: undefined });
  });

  it('cannot be compared where nothing answers', async () => {
    server.close();
    await once(server, 'close');
    expect(await compare(november, november)).toEqual({
      ok: false,
      failure: { reason: 'unavailable', message: 'GET /v1/ping: no answer' },
    });
  });
});

describe('Aircall', () => {
  it('answers, or fails as any request does', async () => {
    const { aircall, requestAircall } = await startSimulation();
    const pingAircall = createPingAircall(requestAircall, 2000);

    expect(await pingAircall(november + 60_000)).toEqual({ ok: true, value: undefined });
    aircall.failNext('GET /v1/ping', { kind: 'status', status: 401 });
    expect(await pingAircall(november + 60_000)).toEqual({
      ok: false,
      failure: { reason: 'unauthorized', status: 401, message: 'GET /v1/ping: 401' },
    });
    await aircall.close();
  });
});
