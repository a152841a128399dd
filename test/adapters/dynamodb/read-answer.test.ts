/** Answers that no DynamoDB gives, to the real client. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createFindAgent } from '../../../lib/adapters/dynamodb/agents.ts';
import { createFindCaller } from '../../../lib/adapters/dynamodb/last-agents.ts';
import { createDocumentClient, type Table } from '../../../lib/adapters/dynamodb/table.ts';
import { limits } from '../../../lib/config.ts';
import type { AccountId } from '../../../lib/core/model.ts';
import { email, phone } from '../../builders.ts';
import { type FaultyProxy, startFaultyProxy } from '../../fakes/faulty-proxy.ts';

let dynamodb: FaultyProxy;
let table: Table;
beforeAll(async () => {
  dynamodb = await startFaultyProxy('http://127.0.0.1:1');
  const client = createDocumentClient(limits.table, {
    endpoint: dynamodb.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  table = { client, name: 'calls', account: 'default' as AccountId, now: Date.now };
});
afterAll(() => dynamodb.close());
beforeEach(() => {
  dynamodb.operations.length = 0;
});

const findAgent = () => createFindAgent(table)(email('jane@example.com'), Date.now() + 3000);
const findCaller = () => createFindCaller(table)(phone('+442079460123'), Date.now() + 3000);
const unavailable = (detail: string) => ({ ok: false, failure: { reason: 'store-unavailable', detail } });

it('is not read to the end where it is 30 MB, and not asked for again', async () => {
  dynamodb.mode = 'huge';

  expect(await findAgent()).toEqual(unavailable('ANSWER_TOO_LARGE'));
  expect(dynamodb.operations).toEqual(['GetItem']);
  await expect.poll(() => dynamodb.hugeBytesTaken).toBeGreaterThan(0);
  expect(dynamodb.hugeBytesTaken).toBeLessThan(25_000_000);
});

it.each(['[1]', '"text"', '7', 'null', '', ' '])(
  'is not taken for an empty one where it is %j: who is asked for may well be there',
  async (shape) => {
    Object.assign(dynamodb, { mode: 'wrong-shape', shape });

    expect(await findAgent()).toEqual(unavailable('ANSWER_UNREADABLE'));
  },
);

it.each(['{"Items":{"a":{}}}', '{"Items":7}', '{"Items":[null]}', '{"Items":["text"]}', '{"Items":[[1]]}'])(
  'is unavailable, or holds no items of ours, where the list of them is %j',
  async (shape) => {
    Object.assign(dynamodb, { mode: 'wrong-shape', shape });

    const found = await findCaller();
    expect(found.ok ? found.value : found.failure.reason).toSatisfy(
      (it) => it === 'store-unavailable' || JSON.stringify(it) === '{}',
    );
  },
);
