/**
 * A stored call as a person would tell it: lines of a label and a text. Every reason is followed by its name, by which
 * dashboards count it.
 */
import type {
  Caller,
  Considered,
  Decision,
  DecisionRecord,
  Timings,
  TransferAttempt,
} from '../lib/core/model.ts';
import {
  agentSourceTexts,
  doubtTexts,
  failureTexts,
  ignoreTexts,
  leaveTexts,
  skipTexts,
  sourceTexts,
} from '../lib/core/reason-texts.ts';
import type { StoredCall } from '../lib/ports.ts';
import { formatTime } from './columns.ts';

type Line = readonly [label: string, text: string];

export function tellCall(call: StoredCall, nowMs: number): readonly Line[] {
  return [
    ['call', call.callId],
    ...(call.settled === undefined ? tellUnsettled(call, nowMs) : tellRecord(call.settled.record)),
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
        : `${claimed}: its delivery died on the way; a transfer may have been sent, which only Aircall knows`,
    ],
  ];
}

function tellRecord(record: DecisionRecord): readonly Line[] {
  const { caller, callStartedAtMs, receivedAtMs, decision, considered, attempts, readings, timings } = record;
  const delay = `${((receivedAtMs - callStartedAtMs) / 1000).toFixed(1)} s after the call began`;
  return [
    ['decision', tellDecision(decision, considered)],
    ['caller', tellCaller(caller)],
    ['began', formatTime(callStartedAtMs)],
    ['received', `${formatTime(receivedAtMs)}, ${delay}`],
    ...considered.map((target): Line => ['considered', tellConsidered(target)]),
    ...attempts.map((attempt): Line => ['transfer', tellAttempt(attempt)]),
    ...readings.map((reading): Line => ['call read', tellReading(reading)]),
    ['timings', tellTimings(timings)],
  ];
}

function tellDecision(decision: Decision, considered: readonly Considered[]): string {
  switch (decision.outcome) {
    case 'routed': {
      const who = considered.find(({ verdict }) => verdict === 'go')?.target.email ?? 'the agent';
      const why = explained(sourceTexts, decision.because);
      return `routed to ${who}, Aircall user ${decision.to.aircallUserId}, because ${why}`;
    }
    case 'left':
      return `left to Aircall, because ${explained(leaveTexts, decision.because)}`;
    case 'in-doubt':
      return `in doubt whether a transfer happened, because ${explained(doubtTexts, decision.because)}`;
    case 'duplicate':
      return 'another delivery of this call had the claim (duplicate)';
    case 'ignored':
      return `ignored, because ${explained(ignoreTexts, decision.because)}`;
  }
}

function tellCaller(caller: Caller): string {
  switch (caller.kind) {
    case 'identified':
      return caller.phone;
    case 'withheld':
      return 'withheld their number';
    case 'unreadable':
      return 'came with digits that are no international phone number';
  }
}

function tellConsidered({ target, verdict, source, ageMs }: Considered): string {
  const judged = verdict === 'go' ? 'could be rung' : `passed over, because ${explained(skipTexts, verdict)}`;
  const known = source === undefined ? '' : `; ${agentSourceTexts[source]}`;
  const age = ageMs === undefined ? '' : `, written down ${formatAge(ageMs)} before`;
  return `${target.email} (${target.because}): ${judged}${known}${age}`;
}

function tellAttempt({ to, answer, status, tookMs }: TransferAttempt): string {
  const said = answer === 'accepted' ? 'accepted' : explained(failureTexts, answer);
  const code = status === undefined ? '' : `, status ${status}`;
  return `to Aircall user ${to.aircallUserId}: ${said}${code}, after ${tookMs} ms`;
}

function tellReading(reading: DecisionRecord['readings'][number]): string {
  return reading === 'untouched' ? 'no trace of a transfer (untouched)' : explained(doubtTexts, reading);
}

function tellTimings({ claimedMs, resolvedMs, transferredMs }: Timings): string {
  const steps = { claimed: claimedMs, 'agent resolved': resolvedMs, transferred: transferredMs };
  const told = Object.entries(steps).filter(([, ms]) => ms !== undefined);
  return `${told.map(([step, ms]) => `${step} ${ms} ms`).join(', ')} after it was received`;
}

function explained<Reason extends string>(texts: Record<Reason, string>, reason: Reason): string {
  return `${texts[reason]} (${reason})`;
}

function formatAge(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
