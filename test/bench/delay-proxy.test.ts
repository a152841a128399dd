/**
 * The two delays, without one: what they hand on and write down.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDelayLine } from '../../bench/delay-line.ts';
import { startDelayProxy } from '../../bench/delay-proxy.ts';

/** Answers with what it was asked. */
const server = createServer(async (request, response) => {
  const body = await text(request);
  const answer = { method: request.method, url: request.url, body, ConsumedCapacity: { CapacityUnits: 1.5 } };
  response.writeHead(201, { 'x-of-the-server': 'yes' }).end(JSON.stringify(answer));
});
let targetUrl: string;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  targetUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.closeAllConnections());
afterAll(() => server.close());

it('hands a request and its answer on as they are, and writes them down', async () => {
  const proxy = await startDelayProxy({ targetUrl, delayMs: 0 });
  const response = await fetch(`${proxy.url}/v1/calls/1/transfers`, {
    method: 'POST',
    body: '{"user_id":1}',
  });

  expect(response.status).toBe(201);
  expect(response.headers.get('x-of-the-server')).toBe('yes');
  expect(await response.json()).toMatchObject({
    method: 'POST',
    url: '/v1/calls/1/transfers',
    body: '{"user_id":1}',
  });
  expect(proxy.observed).toMatchObject([{ what: 'POST /v1/calls/1/transfers', status: 201 }]);
  await proxy.close();
});

it('asks DynamoDB what a request consumes, though its client did not', async () => {
  const proxy = await startDelayProxy({ targetUrl, delayMs: 0, asksForCapacity: true });
  const headers = { 'x-amz-target': 'DynamoDB_20120810.UpdateItem' };
  const response = await fetch(proxy.url, { method: 'POST', headers, body: '{"TableName":"t"}' });

  expect(await response.json()).toMatchObject({
    body: '{"TableName":"t","ReturnConsumedCapacity":"TOTAL"}',
  });
  expect(proxy.observed).toMatchObject([{ what: 'UpdateItem', capacityUnits: 1.5 }]);
  await proxy.close();
});

it('hands bytes on without looking at them', async () => {
  const line = await startDelayLine(targetUrl, 0);
  const response = await fetch(`${line.url}/ping`, { method: 'POST', body: 'bytes' });
  expect(await response.json()).toMatchObject({ url: '/ping', body: 'bytes' });
  await line.close();
});
