/**
 * A call that rings someone of ours: who that is, and who is left to be tried. No clock, no network.
 */
import type { RungInVain } from './insight-card.ts';
import type {
  AircallUserId,
  CallNews,
  Choice,
  DecisionRecord,
  Hop,
  HopCause,
  Refusal,
  Target,
  TransferTarget,
} from './model.ts';

/** How a call was decided, and how it was given on, in order. */
export type CallSoFar = { readonly record: DecisionRecord; readonly hops: readonly Hop[] };

/** With what events told of it since. */
export type DecidedCall = CallSoFar & {
  /** Hops that were begun: one more than there are while one is under way, or where one died. */
  readonly hopsBegun: number;
  readonly news: CallNews;
};

/** After so many, a caller is better off with what Aircall does when no one answers. */
export const mostHops = 6;

/** Who a call rings now. `hop` is 0 before the first. */
export type Ringing = { readonly hop: number; readonly to: TransferTarget };

/**
 * Whom we gave the call to last, if it may still ring there: a hop that led nowhere left it where it was. `undefined`
 * once it was answered or is over, while a hop is under way, and where it was never ours: the call flow looks after the
 * calls it asked us about.
 */
export function findRinging(call: DecidedCall): Ringing | undefined {
  const { record, hops, hopsBegun, news } = call;
  if (record.door === 'ring-to' || news.isAnswered || news.isOver || hopsBegun !== hops.length)
    return undefined;
  const last = hops.at(-1)?.decision;
  if (last?.outcome === 'left' && (last.because === 'call-answered' || last.because === 'call-over'))
    return undefined;

  const given = findGiven(call);
  return given && { hop: hops.length, to: given.to };
}

/**
 * Why the call has to go on from whom it rings: they will not take it. It goes on from them once for each reason: hops
 * that led nowhere are not made again, however often that is told.
 */
export function findRefusal(call: DecidedCall): HopCause | undefined {
  const to = findRinging(call)?.to;
  const sinceGiven = call.hops.slice(call.hops.findLastIndex((hop) => givenBy(hop) !== undefined) + 1);
  const spent = sinceGiven.map(({ cause }) => cause);
  return (
    to &&
    call.news.refusals.find((one) => isRefusedBy(to, one, call) && !spent.includes(one.because))?.because
  );
}

/** Whom the call was given to last, or may have been. */
export function findGiven({ record, hops }: CallSoFar): Given | undefined {
  return [record, ...hops].map(givenBy).findLast((given) => given !== undefined);
}

/**
 * Whether the one transfer that the call was sent got no answer, and may be on its way yet: then who declines may have
 * declined the ring of the number's own distribution. Whether it has come a reading shows; of later ones it can't.
 */
export function isFirstUnanswered({ record, hops }: CallSoFar): boolean {
  const [given, another] = [record, ...hops].filter((choice) => givenBy(choice) !== undefined);
  const isInDoubt = another === undefined && given?.decision.outcome === 'in-doubt';
  return isInDoubt && given.attempts.map(({ answer }) => answer).at(-1) === 'no-answer';
}

/** `target`: as the plan named them. */
export type Given = { readonly to: TransferTarget; readonly target: Target | undefined };

/** Of a transfer to a team that failed, Aircall names the team's first user: someone we gave the call to was none of them. */
function isRefusedBy(to: TransferTarget, { because, by }: Refusal, call: DecidedCall): boolean {
  if (to.kind === 'agent') return to.aircallUserId === by;

  const attempts = [call.record, ...call.hops].flatMap((choice) => choice.attempts);
  const given: readonly { readonly kind: string; readonly aircallUserId?: AircallUserId }[] = attempts.map(
    (attempt) => attempt.to,
  );
  const isTeams = !given.some(({ aircallUserId }) => aircallUserId === by);
  return to.kind === 'team' && because === 'transfer-failed' && isTeams;
}

/** In doubt, too, the call may ring there: who declines it has been reached. */
function givenBy({ decision, attempts, considered }: Choice): Given | undefined {
  const inDoubt = decision.outcome === 'in-doubt' ? attempts.at(-1)?.to : undefined;
  const to = decision.outcome === 'routed' ? decision.to : inDoubt;
  // Whoever could be rung and was then refused by Aircall stands before.
  const target = considered.findLast(({ verdict }) => verdict === 'go')?.target;
  return to && { to, target };
}

/** Those of the plan who were not tried yet, in its order: who was busy before may be free by now. */
export function findUntried({ record, hops }: CallSoFar): readonly Target[] {
  const tried = new Set(
    [record, ...hops]
      .flatMap(({ considered }) => considered)
      .filter(({ verdict }) => verdict === 'go' || verdict === 'call-refused')
      .map(({ target }) => nameOf(target)),
  );
  return record.plan.filter((target) => !tried.has(nameOf(target)));
}

/** Agents whom the call rang before it went on. */
export function findRungInVain({ record, hops }: CallSoFar): readonly RungInVain[] {
  return hops.flatMap((hop, index) => {
    const target = givenBy(hop) && findGiven({ record, hops: hops.slice(0, index) })?.target;
    const because = hop.cause === 'agent-declined' ? 'declined' : 'not-answered';
    return target?.kind === 'agent' ? [{ email: target.email, because }] : [];
  });
}

/** How a team's agents are rung makes it no other team. */
function nameOf(target: Target): string {
  switch (target.kind) {
    case 'agent':
      return target.email;
    case 'team':
      return `team ${target.teamId}`;
    case 'number':
      return target.phone;
  }
}
