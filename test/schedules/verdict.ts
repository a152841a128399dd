/**
 * What must hold after every schedule, whatever died in it:
 *
 *   one transfer      of one hop at most one transfer is accepted, and the call flow is told one name at most; the first
 *                     decision is hop 0; of a call that was named to the flow no transfer is sent
 *   nobody's caller   no transfer is accepted of a call that was answered, as far as its sender could know (below)
 *   none over another no transfer is sent while an earlier one of that call may still be carried out
 *   a true record     `routed`: exactly that transfer was accepted. `left`: none was. Accepted: the record says `routed` or
 *                     `in-doubt`, or there is none and the claim lapses. Its attempts are what its writer sent and heard
 *   an answer         whoever lives has answered by their deadline, with a decision, and has left nothing under way
 *
 * What a sender could know is what they looked at last: the reading, if they read the call at Aircall; else what events had
 * told the store by the time of their claim. They must read it before every hop, after a lapsed claim, after a lost answer,
 * and where they begin to look for someone later than 4 s after the call's start. An answer that comes after that look, or,
 * of a younger call, one that no event had told of, costs someone their caller: those are the prices of
 * docs/decisions/0002 and 0015, and are counted. A call's age is what its sender's clock says.
 *
 * So is a transfer that is sent over one of a hop that got no answer: the call had been transferred before, no reading tells
 * whether it was again, and whoever it was sent to declined, though perhaps another ring.
 */
import { isDeepStrictEqual } from 'node:util';
import { limits } from '../../lib/config.ts';
import { mostHops } from '../../lib/core/hops.ts';
import type { CallId, Choice, TransferAttempt } from '../../lib/core/model.ts';
import type { CallTruth } from './aircall.ts';
import type { Invocation, Ledger, TransferRequest } from './ledger.ts';

export type Violation = {
  readonly kind:
    | 'second-transfer'
    | 'two-doors'
    | 'caller-taken-away'
    | 'sent-over-another'
    | 'untrue-record'
    | 'no-answer';
  readonly detail: string;
};

export function findViolations(ledger: Ledger): readonly Violation[] {
  return [
    ...ledger.calls.flatMap((call) => [
      ...findSecondTransfers(call, ledger),
      ...findTwoDoors(call, ledger),
      ...findUntrueRecords(call, ledger),
    ]),
    ...ledger.requests.flatMap((request) => findWrongs(request, ledger)),
    ...ledger.invocations.flatMap(findMissingAnswers),
  ];
}

/** Answers that nobody could know of in time, and transfers sent over one that nobody could see. */
export function countPrices({ requests }: Ledger): number {
  return requests.filter(({ answeredAtMs, sentOver }) => answeredAtMs !== undefined || sentOver.length > 0)
    .length;
}

export function countAccepted({ requests }: Ledger): number {
  return requests.filter(({ came }) => came === 'accepted').length;
}

function findSecondTransfers({ callId }: CallTruth, ledger: Ledger): readonly Violation[] {
  const hops = acceptedOf(callId, ledger).map(({ look }) => look?.hop);
  const twice = hops.filter((hop, place) => hops.indexOf(hop) !== place);
  return twice.map((hop) => violation('second-transfer', `of hop ${hop} of ${callId}`));
}

function findTwoDoors({ callId }: CallTruth, ledger: Ledger): readonly Violation[] {
  const names = ledger.named.filter((one) => one.callId === callId).map(({ to }) => to);
  const others = names.filter((to) => !isDeepStrictEqual(to, names[0]));
  const isSent = names.length > 0 && ledger.requests.some((one) => one.callId === callId);
  return [
    ...others.map(() => violation('second-transfer', `${callId} was named to the flow for two`)),
    ...(isSent ? [violation('two-doors', `${callId} was named to the flow, and transferred`)] : []),
  ];
}

function findWrongs(request: TransferRequest, ledger: Ledger): readonly Violation[] {
  const { callId, look, answeredAtMs, sentOver } = request;
  const wrongs: Violation[] = [];
  if (look?.callId !== callId) wrongs.push(violation('second-transfer', `of ${callId}, without a claim`));
  if (!sentOver.every(isUnseen)) wrongs.push(violation('sent-over-another', describe(request)));
  if (answeredAtMs === undefined || look === undefined) return wrongs;

  const { hop, isInDoubt, isToldAnswered, beganAtMs = 0, readAtMs } = look;
  const startedAtMs = ledger.calls.find((one) => one.callId === callId)?.startedAtMs ?? 0;
  const mayGoUnread = hop === 0 && !isInDoubt && beganAtMs - startedAtMs <= limits.lateAfterMs;
  const isKnown = readAtMs === undefined ? !mayGoUnread || isToldAnswered : answeredAtMs <= readAtMs;
  if (isKnown) wrongs.push(violation('caller-taken-away', describe(request)));
  return wrongs;
}

/** Given up on by one who lived, after the call had been transferred before. */
function isUnseen({ look, heard }: TransferRequest): boolean {
  return look !== undefined && look.hop > 0 && heard === 'no-answer';
}

function findUntrueRecords({ callId }: CallTruth, ledger: Ledger): readonly Violation[] {
  const call = ledger.decided(callId);
  const choices: readonly (Choice | undefined)[] = [call?.record, ...(call?.hops ?? [])];
  const isNamed = ledger.named.some((one) => one.callId === callId);
  const untold = acceptedOf(callId, ledger).filter(({ look }) => {
    const hop = look?.hop ?? 0;
    return choices[hop] === undefined && hop > (call?.hopsBegun ?? 0);
  });
  const isMiscounted =
    call !== undefined &&
    (call.hopsBegun < call.hops.length ||
      call.hopsBegun > Math.min(call.hops.length + 1, mostHops) ||
      call.hops.some(({ hop }, place) => hop !== place + 1));
  return [
    ...choices.flatMap((choice, hop) => (choice ? findUntruths(callId, choice, hop, ledger) : [])),
    ...untold.map((request) => violation('untrue-record', `knows nothing of ${describe(request)}`)),
    ...(isMiscounted ? [violation('untrue-record', `counts the hops of ${callId} wrongly`)] : []),
    ...(isNamed && call?.record.decision.outcome === 'left'
      ? [violation('untrue-record', `left ${callId}, which was named to the flow`)]
      : []),
  ];
}

function findUntruths(callId: CallId, choice: Choice, hop: number, ledger: Ledger): readonly Violation[] {
  const by = ledger.settledBy(callId, hop);
  const { decision, attempts } = choice;
  const accepted = acceptedOf(callId, ledger).filter(({ look }) => look?.hop === hop);
  const sent = ledger.requests.filter(
    (one) => one.callId === callId && one.invocation === by && one.look?.hop === hop,
  );
  const untrue = (detail: string) => [
    violation('untrue-record', `${JSON.stringify(decision)}, hop ${hop} of ${callId}: ${detail}`),
  ];

  const isAsSent =
    attempts.length === sent.length &&
    attempts.every((attempt, place) => isAttempt(attempt, sent[place] as TransferRequest));
  if (!isAsSent) return untrue('its attempts are not what was sent');
  switch (decision.outcome) {
    case 'routed': {
      const isByFlow = 'door' in choice && choice.door === 'ring-to';
      const names = ledger.named.filter((one) => one.callId === callId);
      // Whoever named someone may have died with the answer.
      const [only, another] = isByFlow ? names : accepted;
      if (only === undefined ? !isByFlow : !isDeepStrictEqual(only.to, decision.to))
        return untrue('not accepted');
      return !isByFlow && another !== undefined ? untrue('not alone') : [];
    }
    case 'left':
      return accepted.length > 0 ? untrue('a transfer was accepted') : [];
    case 'in-doubt':
      return [];
    default:
      return untrue('no decision about a call');
  }
}

function isAttempt({ to, answer }: TransferAttempt, { to: sentTo, heard, came }: TransferRequest): boolean {
  const isDone = came === 'accepted';
  const isUnclear = answer === 'lost-answer' || answer === 'no-answer';
  return (
    isDeepStrictEqual(to, sentTo) && answer === heard && (isUnclear || isDone === (answer === 'accepted'))
  );
}

function findMissingAnswers(invocation: Invocation): readonly Violation[] {
  const { id, what, isDead, answered, deadlineMs } = invocation;
  if (isDead) return [];
  if (answered === undefined) return [violation('no-answer', `${id} (${what}) gave none`)];
  const { atMs, as, underWay } = answered;
  const trouble = [
    ...(atMs > deadlineMs ? [`${atMs - deadlineMs} ms late`] : []),
    ...(as.includes('internal-error') ? [as] : []),
    ...(underWay > 0 ? [`left ${underWay} requests under way`] : []),
  ];
  return trouble.map((detail) => violation('no-answer', `${id} (${what}): ${detail}`));
}

function acceptedOf(callId: CallId, { requests }: Ledger): readonly TransferRequest[] {
  return requests.filter((one) => one.callId === callId && one.came === 'accepted');
}

function describe({ callId, to, invocation, look }: TransferRequest): string {
  const who = to.kind === 'agent' ? to.aircallUserId : to.kind;
  return `${invocation}: ${callId} to ${who}, hop ${look?.hop}`;
}

function violation(kind: Violation['kind'], detail: string): Violation {
  return { kind, detail };
}
