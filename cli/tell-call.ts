/**
 * A stored call as a person would tell it: lines of a label and a text. Every reason is followed by its name, by which
 * dashboards count it.
 */
import type { DecidedCall } from '../lib/core/hops.ts';
import type {
  Caller,
  Choice,
  Considered,
  Decision,
  DecisionRecord,
  DoubtReason,
  Hop,
  Target,
  Timings,
  TransferAttempt,
  TransferTarget,
} from '../lib/core/model.ts';
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
} from '../lib/core/reason-texts.ts';
import type { StoredCall } from '../lib/ports.ts';
import { formatTime } from './columns.ts';

export type Line = readonly [label: string, text: string];

export function tellCall(call: StoredCall, nowMs: number): readonly Line[] {
  return [
    ['call', call.callId],
    ...(call.settled === undefined ? tellUnsettled(call, nowMs) : tellDecided(call.settled)),
    ...(call.takenOver ? [takenOver] : []),
  ];
}

const takenOver: Line = [
  'taken over',
  'an earlier delivery claimed the call and died before it settled: whether it had sent a transfer was in doubt',
];

function tellUnsettled({ claimedAtMs, lapsesAtMs }: StoredCall, nowMs: number): readonly Line[] {
  const claimed = `claimed at ${formatTime(claimedAtMs)}, not settled`;
  return [
    [
      'decision',
      nowMs < lapsesAtMs
        ? `${claimed}: it is being decided right now`
        : `${claimed}: its delivery died on the way; whether the call was given to someone, only Aircall knows`,
    ],
  ];
}

function tellDecided({ record, hops, hopsBegun, news }: DecidedCall): readonly Line[] {
  return [
    ...tellRecord(record),
    ...hops.flatMap(tellHop),
    ...(hopsBegun > hops.length ? [[`hop ${hopsBegun}`, begunHop] as const] : []),
    ...(news.isAnswered ? [['then', 'it was answered'] as const] : []),
    ...(news.isOver ? [['then', 'it was over'] as const] : []),
  ];
}

const begunHop = 'begun and not settled: it is under way, or died on the way; a transfer may have been sent';

function tellRecord(record: DecisionRecord): readonly Line[] {
  const { caller, door, callStartedAtMs, receivedAtMs, decision, considered } = record;
  const delay = `${((receivedAtMs - callStartedAtMs) / 1000).toFixed(1)} s after the call began`;
  return [
    ['decision', tellDecision(decision, considered)],
    ['caller', tellCaller(caller)],
    ['began', formatTime(callStartedAtMs)],
    [tellArrival(decision, door), `${formatTime(receivedAtMs)}, ${delay}`],
    ...tellRules(record),
    ...tellChoice(record),
  ];
}

/** A call that nobody announced was found in Aircall's list, some time later. */
function tellArrival(decision: Decision, door: DecisionRecord['door']): string {
  if ('because' in decision && decision.because === 'webhook-was-off') return 'found';
  return door === 'webhook' ? 'received' : 'asked';
}

/** The call given on: why, who was looked at, and what came of it. */
function tellHop(hop: Hop): readonly Line[] {
  const { cause, receivedAtMs, decision, considered } = hop;
  return [
    [`hop ${hop.hop}`, `${formatTime(receivedAtMs)}, because ${explained(hopTexts, cause)}`],
    ...tellChoice(hop),
    [`hop ${hop.hop}`, tellDecision(decision, considered)],
  ];
}

function tellChoice({ considered, attempts, readings, timings }: Choice): readonly Line[] {
  return [
    ...considered.map((target): Line => ['considered', tellConsidered(target)]),
    ...attempts.map((attempt): Line => ['transfer', tellAttempt(attempt)]),
    ...readings.map((reading): Line => ['call read', tellReading(reading)]),
    ...(Object.keys(timings).length > 0 ? [['timings', tellTimings(timings)] as const] : []),
  ];
}

function tellDecision(decision: Decision, considered: readonly Considered[]): string {
  switch (decision.outcome) {
    case 'routed': {
      // Whoever could be rung and then was refused by Aircall stands before.
      const rung = considered.findLast(({ verdict }) => verdict === 'go');
      const who = rung?.target.kind === 'agent' ? `${tellTarget(rung.target, rung.agentName)}, ` : '';
      return `routed to ${who}${tellDestination(decision.to)}, because ${explained(sourceTexts, decision.because)}`;
    }
    case 'left':
      return `left to Aircall, because ${explained(leaveTexts, decision.because)}`;
    case 'in-doubt':
      return `in doubt whether a transfer happened, because ${explained(doubtTexts, decision.because)}`;
    case 'duplicate':
      return 'another delivery of this call had the claim (duplicate)';
    case 'ignored':
      return `ignored, because ${explained(ignoreTexts, decision.because)}`;
    case 'tracked':
      return `it told what an agent was doing (${decision.because})`;
  }
}

/** Which policy decided, and which of its rules, from the top down to the one that matched. */
export function tellRules(told: Pick<DecisionRecord, 'policyVersion' | 'rule' | 'passed'>): readonly Line[] {
  const { policyVersion, rule, passed } = told;
  return [
    ...(policyVersion === undefined ? [] : [['policy', tellVersion(policyVersion)] as const]),
    ...passed.map(
      ({ rule, because }): Line => [
        'rule',
        `${rule}: not for this call, because ${explained(conditionTexts, because)}`,
      ],
    ),
    ...(rule === undefined ? [] : [['rule', `${rule}: matched`] as const]),
  ];
}

function tellVersion(policyVersion: number): string {
  return policyVersion === 0 ? 'the built-in one (version 0)' : `version ${policyVersion}`;
}

export function tellDestination(to: TransferTarget): string {
  switch (to.kind) {
    case 'agent':
      return `Aircall user ${to.aircallUserId}`;
    case 'team':
      return tellTeam(to);
    case 'number':
      return `the number ${to.phone}`;
  }
}

export function tellTarget(target: Target, agentName?: string): string {
  switch (target.kind) {
    case 'agent':
      return agentName === undefined ? target.email : `${agentName} (${target.email})`;
    case 'team':
      return tellTeam(target);
    case 'number':
      return `the number ${target.phone}`;
  }
}

function tellTeam({ teamId, strategy }: Extract<TransferTarget, { kind: 'team' }>): string {
  return `team ${teamId}${strategy === undefined ? '' : ` (${strategy})`}`;
}

export function tellCaller(caller: Caller): string {
  switch (caller.kind) {
    case 'identified':
      return caller.phone;
    case 'withheld':
      return 'withheld their number';
    case 'unreadable':
      return 'came with digits that are no international phone number';
  }
}

function tellConsidered({ target, verdict, agentName, ...seen }: Considered): string {
  const judged = verdict === 'go' ? 'could be rung' : `passed over, because ${explained(skipTexts, verdict)}`;
  return `${tellTarget(target, agentName)} (${target.because}): ${judged}${tellPresence(seen)}`;
}

/** What was known of an agent, how old that was, and who had told it. */
export function tellPresence({
  presence,
  presenceAgeMs,
  presenceSource,
}: Pick<Considered, 'presence' | 'presenceAgeMs' | 'presenceSource'>): string {
  if (presence === undefined) return '';

  const told = presenceSource === undefined ? '' : `, ${presenceSourceTexts[presenceSource]}`;
  const age = presenceAgeMs === undefined ? '' : ` ${formatAge(presenceAgeMs)} before`;
  return `; ${presenceTexts[presence]}${told}${age}`;
}

function tellAttempt({ to, answer, status, tookMs }: TransferAttempt): string {
  const said = answer === 'accepted' ? 'accepted' : explained(failureTexts, answer);
  const code = status === undefined ? '' : `, status ${status}`;
  return `to ${tellDestination(to)}: ${said}${code}, after ${tookMs} ms`;
}

function tellReading(reading: DecisionRecord['readings'][number]): string {
  return reading in readingTexts
    ? explained(readingTexts, reading as keyof typeof readingTexts)
    : explained(doubtTexts, reading as DoubtReason);
}

const readingTexts = { untouched: 'no trace of a transfer', 'still-ringing': 'nobody had answered it' };

function tellTimings({ claimedMs, resolvedMs, transferredMs }: Timings): string {
  const steps = { claimed: claimedMs, 'target found': resolvedMs, transferred: transferredMs };
  const told = Object.entries(steps).filter(([, ms]) => ms !== undefined);
  return `${told.map(([step, ms]) => `${step} ${ms} ms`).join(', ')} after it was received`;
}

export function explained<Reason extends string>(texts: Record<Reason, string>, reason: Reason): string {
  return `${texts[reason]} (${reason})`;
}

export function formatAge(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
