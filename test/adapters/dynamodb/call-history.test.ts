import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFindCall, createListCalls } from '../../../lib/adapters/dynamodb/call-history.ts';
import {
  createClaimHop,
  createNoteCallNews,
  createSettleHop,
} from '../../../lib/adapters/dynamodb/call-hops.ts';
import { createClaimCall, createSettleCall } from '../../../lib/adapters/dynamodb/call-records.ts';
import { callKey } from '../../../lib/adapters/dynamodb/keys.ts';
import { createDocumentClient, type Table } from '../../../lib/adapters/dynamodb/table.ts';
import type { AccountId, AircallTeamId, DecisionRecord } from '../../../lib/core/model.ts';
import { fail, succeed } from '../../../lib/core/result.ts';
import type { CallQuery } from '../../../lib/ports.ts';
import { type EmbeddedDynamodb, startEmbeddedDynamodb } from '../../../local/embedded-dynamodb.ts';
import {
  callId,
  createClock,
  email,
  hopRecord,
  nothingTold,
  owner,
  phone,
  routedRecord,
  t0,
  userId,
} from '../../builders.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

let dynamodb: EmbeddedDynamodb;
let accounts = 0;
let clock: ReturnType<typeof createClock>;
let table: Table;

beforeAll(async () => {
  dynamodb = await startEmbeddedDynamodb();
});
afterAll(() => dynamodb.close());

beforeEach(() => {
  accounts += 1;
  clock = createClock(t0);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  table = {
    client: createDocumentClient(
      { connectMs: 1000, requestMs: 5000, attempts: 2 },
      { endpoint: dynamodb.url, region: 'eu-west-1', credentials },
    ),
    name: dynamodb.tableName,
    account: `account-${accounts}` as AccountId,
    now: clock.now,
  };
});

const soonMs = () => clock.now() + 5000;
const us = owner('request-1');

async function claim(id: string) {
  const claimCall = createClaimCall(table, { claimLapsesAfterMs: 10_000, keptForDays: 90 });
  return claimCall(callId(id), 'webhook', us, soonMs());
}

async function settle(id: string, changes: Partial<DecisionRecord> = {}) {
  return createSettleCall(table)(routedRecord({ callId: callId(id), ...changes }), us, soonMs());
}

const list = (sinceMs: number, limit = 50, wanted: Partial<CallQuery> = {}) =>
  createListCalls(table)({ sinceMs, limit, ...wanted }, soonMs());
const idsOf = async (...given: Parameters<typeof list>) => {
  const listed = await list(...given);
  return listed.ok ? listed.value.calls.map((call) => call.callId) : listed;
};

describe('the list of calls', () => {
  it('tells settled and unsettled ones, newest first', async () => {
    await claim('1');
    await settle('1');
    clock.advance(1000);
    await claim('2');
    await settle('2', { decision: { outcome: 'left', because: 'unknown-caller' } });
    clock.advance(1000);
    await claim('3');

    expect(await list(t0)).toEqual(
      succeed({
        calls: [
          { callId: '3', claimedAtMs: t0 + 2000 },
          {
            callId: '2',
            claimedAtMs: t0 + 1000,
            settledAtMs: t0 + 1000,
            outcome: 'left',
            because: 'unknown-caller',
          },
          {
            callId: '1',
            claimedAtMs: t0,
            settledAtMs: t0,
            outcome: 'routed',
            because: 'assigned-agent',
            to: { kind: 'agent', aircallUserId: 456 },
          },
        ],
        unreadable: 0,
      }),
    );
  });

  it('goes back over days, as far as it is asked to, and a day without calls', async () => {
    for (const id of ['1', '2', '3']) {
      await claim(id);
      clock.advance(id === '2' ? 2 * dayMs : 10 * 60_000);
    }
    expect(await idsOf(t0)).toEqual(['3', '2', '1']);
    expect(await idsOf(t0 + 1)).toEqual(['3', '2']);
    expect(await idsOf(t0 + hourMs)).toEqual(['3']);
    expect(await idsOf(clock.now())).toEqual([]);
    expect(await idsOf(clock.now() + dayMs)).toEqual([]);
  });

  it('ends at its limit, within a day and over days', async () => {
    for (const id of ['1', '2', '3', '4']) {
      await claim(id);
      clock.advance(20 * hourMs);
    }
    expect(await idsOf(t0, 1)).toEqual(['4']);
    expect(await idsOf(t0, 3)).toEqual(['4', '3', '2']);
  });

  it('tells those that came to an outcome, or to it for a reason, however many others there are', async () => {
    for (const id of ['1', '2', '3', '4', '5']) {
      await claim(id);
      const because = id === '4' ? 'stale' : 'unknown-caller';
      await settle(id, Number(id) % 2 === 0 ? { decision: { outcome: 'left', because } } : {});
      clock.advance(20 * hourMs);
    }
    await claim('6');

    expect(await idsOf(t0, 50, { outcome: 'left' })).toEqual(['4', '2']);
    expect(await idsOf(t0, 50, { because: 'unknown-caller' })).toEqual(['2']);
    expect(await idsOf(t0, 50, { outcome: 'left', because: 'stale' })).toEqual(['4']);
    expect(await idsOf(t0, 50, { outcome: 'routed', because: 'stale' })).toEqual([]);
    expect(await idsOf(t0, 2, { outcome: 'routed' })).toEqual(['5', '3']);
    expect(await idsOf(t0, 1, { outcome: 'left' })).toEqual(['4']);
  });

  it('counts what it cannot read, and shows an outcome that it does not know', async () => {
    await claim('1');
    await settle('1');
    await claim('2');
    await change('1', 'outcome', 'parked');
    await change('2', 'claimedAtMs', 'damaged');

    expect(await list(t0)).toEqual(
      succeed({ calls: [expect.objectContaining({ callId: '1', outcome: 'parked' })], unreadable: 1 }),
    );
  });
});

describe('one call', () => {
  const find = (id: string) => createFindCall(table)(callId(id), soonMs());

  it('is told with the whole record of its decision', async () => {
    const jane = { kind: 'agent', email: email('jane@example.com'), because: 'assigned-agent' } as const;
    const to = { kind: 'agent', aircallUserId: userId(456) } as const;
    const toTeam = { kind: 'team', teamId: 7 as AircallTeamId, strategy: 'longest_idle' } as const;
    const team = { ...toTeam, because: 'policy-team' } as const;
    const toNumber = { kind: 'number', phone: phone('+33199000042') } as const;
    const number = { ...toNumber, because: 'policy-number' } as const;
    const record: Partial<DecisionRecord> = {
      decision: { outcome: 'in-doubt', because: 'answer-lost' },
      considered: [
        { target: jane, verdict: 'rate-limited' },
        {
          target: jane,
          verdict: 'agent-in-call',
          agentName: 'Jane Doe',
          presence: 'in_call',
          presenceAgeMs: 8000,
          presenceSource: 'event',
        },
        { target: team, verdict: 'go' },
        { target: number, verdict: 'go' },
      ],
      attempts: [
        { to, answer: 'lost-answer', status: 502, tookMs: 2500 },
        { to: toTeam, answer: 'refused', status: 400, tookMs: 90 },
        { to: toNumber, answer: 'accepted', tookMs: 200 },
      ],
      policyVersion: 3,
      rule: 'vip',
      passed: [
        { rule: 'christmas', because: 'dates' },
        { rule: 'dach', because: 'callerCountry' },
      ],
      readings: ['untouched', 'call-touched'],
      timings: { claimedMs: 5, resolvedMs: 6, transferredMs: 2800 },
    };
    await claim('812000001');
    clock.advance(900);
    await settle('812000001', record);

    expect(await find('812000001')).toEqual(
      succeed({
        callId: '812000001',
        claimedAtMs: t0,
        lapsesAtMs: t0 + 10_000,
        takenOver: false,
        settled: { atMs: t0 + 900, record: routedRecord(record), hops: [], hopsBegun: 0, news: nothingTold },
      }),
    );
  });

  it.each<Partial<DecisionRecord>>([
    { decision: { outcome: 'left', because: 'out-of-time' }, caller: { kind: 'withheld' } },
    { decision: { outcome: 'duplicate' }, caller: { kind: 'unreadable' }, timings: {} },
    { decision: { outcome: 'ignored', because: 'outbound-call' } },
  ])('is told with %j', async (record) => {
    await claim('1');
    await settle('1', record);
    expect(await find('1')).toMatchObject(succeed({ settled: { record } }));
  });

  it('is told with all that it came to since: its hops, and what events told', async () => {
    const id = callId('1');
    const jan = { kind: 'agent', email: email('jan@example.com'), because: 'backup' } as const;
    const toTeam = { kind: 'team', teamId: 7 as AircallTeamId } as const;
    const team = { ...toTeam, because: 'policy-team' } as const;
    const record = routedRecord({ callId: id, door: 'ring-to', plan: [jan, team] });
    const hops = [
      hopRecord({
        policyVersion: 3,
        considered: [{ target: jan, verdict: 'call-refused' }],
        readings: ['still-ringing'],
        decision: { outcome: 'left', because: 'no-target-available' },
      }),
      hopRecord({
        hop: 2,
        cause: 'transfer-failed',
        considered: [{ target: team, verdict: 'go' }],
        attempts: [{ to: toTeam, answer: 'lost-answer', status: 502, tookMs: 90 }],
        readings: ['call-touched'],
        decision: { outcome: 'in-doubt', because: 'call-touched' },
      }),
      hopRecord({ hop: 3, cause: 'ring-timeout' }),
    ];
    await claim('1');
    await settle('1', record);
    for (const hop of hops) {
      await createClaimHop(table)(id, hop.hop, us, soonMs());
      await createSettleHop(table)(id, hop, us, soonMs());
    }
    await createClaimHop(table)(id, 4, us, soonMs());
    const noteCallNews = createNoteCallNews(table, { newsKeptForDays: 1 });
    const refusal = { because: 'agent-declined', by: userId(456) } as const;
    await noteCallNews(id, { kind: 'refused', refusal }, soonMs());
    await noteCallNews(id, { kind: 'answered', atMs: t0, by: userId(457) }, soonMs());
    await noteCallNews(id, { kind: 'over', atMs: t0 }, soonMs());

    const news = { isAnswered: true, answeredBy: 457, isOver: true, refusals: [refusal] };
    expect(await find('1')).toMatchObject(
      succeed({ settled: { atMs: t0, record, hops, hopsBegun: 4, news } }),
    );
  });

  it('keeps its hops in order beyond the ninth', async () => {
    const hops = Array.from({ length: 11 }, (_, index) => hopRecord({ hop: index + 1 }));
    await claim('1');
    await settle('1');
    await change('1', 'hops', Object.fromEntries(hops.map((hop) => [String(hop.hop), hop]).toReversed()));
    await change('1', 'hop', 11);
    expect(await find('1')).toMatchObject(succeed({ settled: { hops, hopsBegun: 11 } }));
  });

  it('is told also where the record is from before there were hops', async () => {
    const { door: _, plan: __, ...old } = routedRecord({ callId: callId('1') });
    await claim('1');
    await settle('1');
    await change('1', 'decisionRecord', old);
    expect(await find('1')).toEqual(
      succeed({
        callId: '1',
        claimedAtMs: t0,
        lapsesAtMs: t0 + 10_000,
        takenOver: false,
        settled: {
          atMs: t0,
          record: { ...old, door: 'webhook', plan: [] },
          hops: [],
          hopsBegun: 0,
          news: nothingTold,
        },
      }),
    );
  });

  it('is told also where the record is from before there were rules', async () => {
    const { passed: _, ...old } = routedRecord({ callId: callId('1') });
    const target = { kind: 'agent', email: 'jane@example.com', because: 'assigned-agent' };
    await claim('1');
    await settle('1');
    await change('1', 'decisionRecord', {
      ...old,
      considered: [{ target, verdict: 'go', source: 'memory', ageMs: 81_000 }],
    });
    expect(await find('1')).toMatchObject({
      ok: true,
      value: { settled: { record: { ...old, passed: [], considered: [{ target, verdict: 'go' }] } } },
    });
  });

  it('may be taken over and not settled', async () => {
    await claim('1');
    clock.advance(20_000);
    await claim('1');
    expect(await find('1')).toEqual(
      succeed({ callId: '1', claimedAtMs: t0, lapsesAtMs: t0 + 30_000, takenOver: true }),
    );
  });

  it('is undefined where it was never announced', async () => {
    expect(await find('1')).toEqual(succeed(undefined));
  });

  it.each([
    ['written by newer code', 'schemaVersion', 2, 'call: schemaVersion'],
    [
      'decided in a way we do not know',
      'decisionRecord',
      { decision: { outcome: 'parked' } },
      'call: decisionRecord',
    ],
    ['settled without a record', 'decisionRecord', undefined, 'call: decisionRecord'],
    ['given on in a way we do not know', 'hops', { 1: { ...hopRecord(), cause: 'bored' } }, 'call: hops'],
    ['with a hop that is no number', 'hop', 'one', 'call: hop'],
    ['refused in a way that is no set', 'refusals', ['agent-declined#456'], 'call: refusals'],
    ['answered by nobody we can name', 'answeredBy', 'Jane Doe', 'call: answeredBy'],
  ])('%s is unreadable', async (_, attribute, value, detail) => {
    await claim('1');
    await settle('1');
    await change('1', attribute, value);
    expect(await find('1')).toEqual(fail({ reason: 'item-unreadable', detail }));
  });
});

/** `undefined` takes the attribute away. */
async function change(id: string, attribute: string, value: unknown): Promise<void> {
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: callKey(table.account, callId(id)),
      UpdateExpression: value === undefined ? 'REMOVE #attribute' : 'SET #attribute = :value',
      ExpressionAttributeNames: { '#attribute': attribute },
      ...(value !== undefined && { ExpressionAttributeValues: { ':value': value } }),
    }),
  );
}
