import { beforeEach, describe, expect, it } from 'vitest';
import type { DecidedCall } from '../../lib/core/hops.ts';
import type { AircallTeamId, StoreResult } from '../../lib/core/model.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import { createTrackCall, type NewsOfCall } from '../../lib/use-cases/track-call.ts';
import { callId, decidedCall, hopRecord, nothingTold, owner, routedRecord, t0, userId } from '../builders.ts';

const deadlineMs = t0 + 4_000;
const id = callId('812000001');
const declined: NewsOfCall = {
  callId: id,
  kind: 'refused',
  refusal: { because: 'agent-declined', by: userId(456) },
};
const answered: NewsOfCall = { callId: id, kind: 'answered', atMs: t0 + 3000, by: userId(456) };
const over: NewsOfCall = { callId: id, kind: 'over', atMs: t0 + 9000 };

let noted: unknown[];
let rerouted: unknown[];
let freed: unknown[];
let warnings: unknown[];

beforeEach(() => {
  noted = [];
  rerouted = [];
  freed = [];
  warnings = [];
});

const made = hopRecord();

function track(news: NewsOfCall, call: StoreResult<DecidedCall | undefined>) {
  const trackCall = createTrackCall({
    noteCallNews: async (...given) => {
      noted.push(given);
      return call;
    },
    rerouteCall: async (...given) => {
      rerouted.push(given);
      return succeed(made);
    },
    trackNews: async ({ aircallUserId, fact }, boundMs) => {
      freed.push([aircallUserId, fact, boundMs]);
      return 'presence-changed';
    },
    warn: (...warning) => warnings.push(warning),
  });
  return trackCall(news, owner('request-1'), deadlineMs);
}

const fact = { kind: 'call-over', callId: '812000001', atMs: t0 + 9000 };
const toTeam = { kind: 'team', teamId: 7 as AircallTeamId } as const;

describe('news of a call', () => {
  it.each([
    [declined, { kind: 'refused', refusal: { because: 'agent-declined', by: 456 } }],
    [answered, { kind: 'answered', atMs: 1763851203000, by: 456 }],
    [over, { kind: 'over', atMs: 1763851209000 }],
  ])('is noted, within the deadline: $0.kind', async (news, item) => {
    await track(news, succeed(undefined));
    expect(noted).toEqual([['812000001', item, 1763851204000]]);
  });

  it.each([declined, answered, over])(
    'of one that nobody has decided is noted, and that is all: $kind',
    async (news) => {
      expect(await track(news, succeed(undefined))).toEqual(succeed(undefined));
      expect([rerouted, freed, warnings]).toEqual([[], [], []]);
    },
  );

  it.each([declined, answered])('may send it on, for this delivery: $kind', async (news) => {
    const call = decidedCall();
    expect(await track(news, succeed(call))).toEqual(succeed(made));
    expect(rerouted).toEqual([[call, 'request-1', 1763851204000]]);
    expect(freed).toEqual([]);
  });

  it.each([
    ['store-unavailable', 'store-trouble'],
    ['item-unreadable', 'item-unreadable'],
  ] as const)('that can not be noted is warned of, and nothing else is done: %s', async (reason, warning) => {
    for (const news of [declined, over]) {
      expect(await track(news, fail({ reason, detail: 'x' }))).toEqual(fail(reason));
    }
    const detail = { callId: '812000001', during: 'noting what became of a call', detail: 'x' };
    expect(warnings).toEqual([
      [warning, detail],
      [warning, detail],
    ]);
    expect([rerouted, freed]).toEqual([[], []]);
  });
});

describe('the end of a call', () => {
  const end = async (call: DecidedCall) => {
    expect(await track(over, succeed(call))).toEqual(succeed(undefined));
    expect(rerouted).toEqual([]);
    return freed;
  };

  it('frees whom it rang, within the deadline', async () => {
    expect(await end(decidedCall())).toEqual([[456, fact, 1763851204000]]);
  });

  it('frees who answered, too, and each once', async () => {
    const answeredBy = (by: number) => ({ ...nothingTold, isAnswered: true, answeredBy: userId(by) });
    expect(await end(decidedCall({ news: answeredBy(459) }))).toEqual([
      [459, fact, 1763851204000],
      [456, fact, 1763851204000],
    ]);
    freed = [];
    expect(await end(decidedCall({ news: answeredBy(456) }))).toEqual([[456, fact, 1763851204000]]);
  });

  it('frees whom it rang last', async () => {
    const left = hopRecord({ hop: 2, decision: { outcome: 'left', because: 'no-target-available' } });
    expect(await end(decidedCall({ hops: [hopRecord(), left], hopsBegun: 2 }))).toEqual([
      [457, fact, 1763851204000],
    ]);
  });

  it.each([
    { outcome: 'left', because: 'unknown-caller' },
    { outcome: 'in-doubt', because: 'call-touched' },
    { outcome: 'routed', to: toTeam, because: 'policy-team' },
  ] as const)('frees nobody where no agent was rung: $outcome', async (decision) => {
    expect(await end(decidedCall({ record: routedRecord({ decision }) }))).toEqual([]);
  });
});
