/**
 * The item of a call → what it says. Three parties write to it: whoever decides the call, whoever gives it on, and the
 * events that tell what became of it, which may come before anyone has decided.
 */
import * as z from 'zod/mini';
import type {
  AircallTeamId,
  AircallUserId,
  CallId,
  CallNews,
  DecisionRecord,
  EmailAddress,
  Hop,
  PhoneNumber,
  Refusal,
  StoreResult,
} from '../../core/model.ts';
import {
  conditionTexts,
  doubtTexts,
  failureTexts,
  hopTexts,
  ignoreTexts,
  leaveTexts,
  presenceSourceTexts,
  presenceTexts,
  skipTexts,
  sourceTexts,
} from '../../core/reason-texts.ts';
import { fail, succeed } from '../../core/result.ts';
import type { StoredCall } from '../../ports.ts';
import { readItem } from './table.ts';

export const branded = <Text extends string>() => z.custom<Text>((value) => typeof value === 'string');
const keysOf = <Key extends string>(record: Record<Key, string>) => z.enum(Object.keys(record) as Key[]);

const brandedId = <Id extends number>() => z.custom<Id>((value) => Number.isSafeInteger(value));

const team = {
  kind: z.literal('team'),
  teamId: brandedId<AircallTeamId>(),
  strategy: z.exactOptional(z.enum(['simultaneous', 'random', 'longest_idle'])),
};
const number = { kind: z.literal('number'), phone: branded<PhoneNumber>() };

export const transferTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('agent'), aircallUserId: brandedId<AircallUserId>() }),
  z.object(team),
  z.object(number),
]);

const target = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('agent'),
    email: branded<EmailAddress>(),
    because: z.enum(['assigned-agent', 'backup', 'last-agent', 'policy-agent']),
  }),
  z.object({ ...team, because: z.literal('policy-team') }),
  z.object({ ...number, because: z.literal('policy-number') }),
]);

const choice = {
  receivedAtMs: z.number(),
  decision: z.discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('routed'), to: transferTarget, because: keysOf(sourceTexts) }),
    z.object({ outcome: z.literal('left'), because: keysOf(leaveTexts) }),
    z.object({ outcome: z.literal('in-doubt'), because: keysOf(doubtTexts) }),
    z.object({ outcome: z.literal('duplicate') }),
    z.object({ outcome: z.literal('ignored'), because: keysOf(ignoreTexts) }),
  ]),
  policyVersion: z.exactOptional(z.number()),
  considered: z.array(
    z.object({
      target,
      verdict: z.union([z.literal('go'), keysOf(skipTexts)]),
      agentName: z.exactOptional(z.string()),
      presence: z.exactOptional(keysOf(presenceTexts)),
      presenceAgeMs: z.exactOptional(z.number()),
      presenceSource: z.exactOptional(keysOf(presenceSourceTexts)),
    }),
  ),
  attempts: z.array(
    z.object({
      to: transferTarget,
      answer: z.union([z.literal('accepted'), keysOf(failureTexts)]),
      status: z.exactOptional(z.number()),
      tookMs: z.number(),
    }),
  ),
  readings: z.array(z.union([z.enum(['untouched', 'still-ringing']), keysOf(doubtTexts)])),
  timings: z.object({
    claimedMs: z.exactOptional(z.number()),
    resolvedMs: z.exactOptional(z.number()),
    transferredMs: z.exactOptional(z.number()),
  }),
};

/** Records of earlier versions lack what has a default here. */
const decisionRecord: z.ZodMiniType<DecisionRecord> = z.object({
  ...choice,
  callId: branded<CallId>(),
  caller: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('identified'), phone: branded<PhoneNumber>() }),
    z.object({ kind: z.enum(['withheld', 'unreadable']) }),
  ]),
  door: z._default(z.enum(['webhook', 'ring-to']), 'webhook'),
  callStartedAtMs: z.number(),
  rule: z.exactOptional(z.string()),
  passed: z._default(z.array(z.object({ rule: z.string(), because: keysOf(conditionTexts) })), []),
  plan: z._default(z.array(target), []),
});

const hop: z.ZodMiniType<Hop> = z.object({ ...choice, hop: z.int(), cause: keysOf(hopTexts) });

/** What events told. The set holds texts such as `agent-declined#456`. */
const newsAttributes = {
  answeredAtMs: z.optional(z.number()),
  answeredBy: z.exactOptional(brandedId<AircallUserId>()),
  overAtMs: z.optional(z.number()),
  refusals: z.optional(z.set(z.string())),
};
const newsItem = z.object(newsAttributes);
type NewsItem = z.infer<typeof newsItem>;

const callItem = z.object({
  ...newsAttributes,
  callId: branded<CallId>(),
  claimedAtMs: z.optional(z.number()),
  lapsesAtMs: z.optional(z.number()),
  takenOver: z.optional(z.boolean()),
  settledAtMs: z.optional(z.number()),
  decisionRecord: z.optional(decisionRecord),
  hop: z._default(z.int(), 0),
  hops: z._default(z.record(z.string(), hop), {}),
});

/** `undefined` for a call that nobody has claimed: events told of it, and that is all. */
export function toStoredCall(item: unknown): StoreResult<StoredCall | undefined> {
  const read = readItem(callItem, 'call', item);
  if (!read.ok) return read;

  const { callId, claimedAtMs, lapsesAtMs, takenOver } = read.value;
  if (claimedAtMs === undefined || lapsesAtMs === undefined || takenOver === undefined)
    return succeed(undefined);
  const call = { callId, claimedAtMs, lapsesAtMs, takenOver };

  const { settledAtMs: atMs, decisionRecord: record } = read.value;
  if (atMs === undefined) return succeed(call);
  if (record === undefined) return fail({ reason: 'item-unreadable', detail: 'call: decisionRecord' });
  const { hop: hopsBegun, hops } = read.value;
  return succeed({
    ...call,
    settled: {
      atMs,
      record,
      hops: Object.values(hops).toSorted((a, b) => a.hop - b.hop),
      hopsBegun,
      news: toNews(read.value),
    },
  });
}

/** @param item as it is or was */
export function toCallNews(item: unknown): StoreResult<CallNews> {
  const parsed = newsItem.safeParse(item);
  return parsed.success
    ? succeed(toNews(parsed.data))
    : fail({ reason: 'item-unreadable', detail: `call: ${String(parsed.error.issues[0]?.path[0])}` });
}

function toNews({ answeredAtMs, answeredBy, overAtMs, refusals = new Set() }: NewsItem): CallNews {
  return {
    isAnswered: answeredAtMs !== undefined,
    ...(answeredBy !== undefined && { answeredBy }),
    isOver: overAtMs !== undefined,
    refusals: [...refusals].flatMap(parseRefusal),
  };
}

export function formatRefusal({ because, by }: Refusal): string {
  return `${because}#${by}`;
}

/** What newer code may have written there is none of ours. */
function parseRefusal(text: string): readonly Refusal[] {
  const [because, by] = text.split('#');
  return because === 'agent-declined' || because === 'transfer-failed'
    ? [{ because, by: Number(by) as AircallUserId }]
    : [];
}
