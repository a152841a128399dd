/**
 * What an agent is doing, as far as we were told. No clock, no network.
 *
 * Deliveries come twice, late and in any order. So the state is no conclusion: it is the latest time at which each
 * thing was told, and the latest news of each kind of each call. To take a fact in is to take a maximum, and a maximum
 * depends neither on the order nor on repetitions. What it all means is worked out when it is read.
 *
 * Aircall gives an event's time in whole seconds. A check is an answer of Aircall's to our question, on our own clock,
 * and the whole truth about what it speaks of: whatever is older on that is void, calls whose end never came included.
 */
import type { CallId } from './model.ts';

/** Aircall's operational vocabulary: the answer to "free now?", not to what someone chose. */
export type Presence = 'available' | 'in_call' | 'after_call_work' | 'do_not_disturb' | 'offline';

/**
 * `atMs`: when it happened. `toldAtMs`: when its text was made, where that is another time: the end of a call is told
 * again half a minute later.
 */
export type PresenceFact =
  | { readonly kind: EventKind; readonly atMs: number }
  | { readonly kind: CallNews; readonly callId: CallId; readonly atMs: number; readonly toldAtMs?: number }
  | { readonly kind: 'checked'; readonly presence: Presence; readonly atMs: number };

type CallFact = Extract<PresenceFact, { readonly callId: CallId }>;

/** `connected`: the agent's workspace is open. `opened`: they take calls, by choice or by their working hours. */
export type EventKind =
  | 'connected'
  | 'disconnected'
  | 'opened'
  | 'closed'
  | 'wrap-up-started'
  | 'wrap-up-ended'
  | 'ringing';

/** The first two have the agent in the call, the last two have them out of it. */
export type CallNews = 'call-dialled' | 'call-answered' | 'call-handed-over' | 'call-over';

/** A plain JSON value of less than 1000 bytes, and half of that as a rule. */
export type PresenceState = {
  /** When each event, and each answer to a check, was heard last. */
  readonly heard: Readonly<Partial<Record<EventKind | Presence, number>>>;
  /** Told last first, one entry for each kind of news of each call. */
  readonly calls: readonly CallEntry[];
};

type CallEntry = {
  readonly callId: CallId;
  readonly news: CallNews;
  readonly atMs: number;
  /** Absent: `atMs`. */
  readonly toldAtMs?: number;
};

/** `event`: Aircall announced it. `check`: we asked. */
export type PresenceSource = 'event' | 'check';

export type PresenceReading = {
  readonly presence: Presence;
  /** When it became true, as far as we were told. */
  readonly sinceMs: number;
  /** When we last heard anything of the agent, and where that came from. */
  readonly knownAtMs: number;
  readonly source: PresenceSource;
};

export const nothingHeard: PresenceState = { heard: {}, calls: [] };

/**
 * An agent talks on one line. More is kept for the late news of older calls.
 *
 * The order of facts can't matter here either. An entry is replaced only by one that was told later, so that it gets
 * only younger; and one that fell out has as many younger ones before it. Whatever is heard of it later is older than
 * those too, and falls out again, or is younger than what was forgotten, and all that counts. The end of a call falls
 * out after its beginning.
 */
const mostCallNews = 6;

export function applyPresence(state: PresenceState, fact: PresenceFact): PresenceState {
  switch (fact.kind) {
    case 'call-dialled':
    case 'call-answered':
    case 'call-handed-over':
    case 'call-over':
      return { ...state, calls: keepNewest([...state.calls, toEntry(fact)]) };
    case 'checked':
      return { ...state, heard: hear(state.heard, fact.presence, fact.atMs) };
    default:
      return { ...state, heard: hear(state.heard, fact.kind, fact.atMs) };
  }
}

function hear(
  heard: PresenceState['heard'],
  what: EventKind | Presence,
  atMs: number,
): PresenceState['heard'] {
  return { ...heard, [what]: Math.max(heard[what] ?? atMs, atMs) };
}

function toEntry({ callId, kind, atMs, toldAtMs = atMs }: CallFact): CallEntry {
  return { callId, news: kind, atMs, ...(toldAtMs !== atMs && { toldAtMs }) };
}

function keepNewest(calls: readonly CallEntry[]): readonly CallEntry[] {
  // In one second, a call is begun before it is left: `call-over` sorts as the youngest. Of two ends told at once, the
  // later one is but the time of the telling.
  const newestFirst = calls.toSorted(
    (a, b) =>
      toldAt(b) - toldAt(a) ||
      b.news.localeCompare(a.news) ||
      a.atMs - b.atMs ||
      b.callId.localeCompare(a.callId),
  );
  const latestOfEach = new Map<string, CallEntry>();
  for (const entry of newestFirst) {
    const key = `${entry.callId} ${entry.news}`;
    if (!latestOfEach.has(key)) latestOfEach.set(key, entry);
  }
  return [...latestOfEach.values()].slice(0, mostCallNews);
}

function toldAt({ atMs, toldAtMs = atMs }: CallEntry): number {
  return toldAtMs;
}

type Meaning = {
  readonly source: PresenceSource;
  /** Their workspace is open. */
  readonly isThere?: boolean;
  readonly takesCalls?: boolean;
  readonly isWrappingUp?: boolean;
  readonly isInCall?: boolean;
};

/**
 * What each thing says of an agent when we hear it. Of two that are equally young the upper one is believed: the more
 * careful one, except that a wrap-up of less than a second is over.
 *
 * What is said only by implication: a wrap-up follows a call, so calls answered before it are over. An agent who is
 * offline may have chosen anything, and so may one in a call or in wrap-up. That Aircall rings an agent says nothing
 * about them: we may have sent the call ourselves, or it may ring their whole team.
 */
const meanings: Readonly<Record<EventKind | Presence, Meaning>> = {
  disconnected: { source: 'event', isThere: false },
  connected: { source: 'event', isThere: true },
  closed: { source: 'event', takesCalls: false },
  opened: { source: 'event', takesCalls: true },
  'wrap-up-ended': { source: 'event', isWrappingUp: false },
  'wrap-up-started': { source: 'event', isWrappingUp: true, isInCall: false },
  ringing: { source: 'event' },
  offline: { source: 'check', isThere: false, isWrappingUp: false, isInCall: false },
  in_call: { source: 'check', isThere: true, isWrappingUp: false, isInCall: true },
  after_call_work: { source: 'check', isThere: true, isWrappingUp: true, isInCall: false },
  do_not_disturb: { source: 'check', isThere: true, takesCalls: false, isWrappingUp: false, isInCall: false },
  available: { source: 'check', isThere: true, takesCalls: true, isWrappingUp: false, isInCall: false },
};

/**
 * `undefined`: unknown. Free is only who is known to have the workspace open and to take calls; one of the two alone
 * would send callers to someone who is not there. How old the knowledge may be is for the reader to judge.
 *
 * @param hasWrapUp a call that they answered is followed by wrap-up: they are in it before its beginning is told
 */
export function readPresence(state: PresenceState, hasWrapUp: boolean): PresenceReading | undefined {
  const found = derivePresence(state, hasWrapUp);
  if (found === undefined) return undefined;

  const { atMs: knownAtMs, source } = findNewestWord(state, found.presence);
  return { ...found, knownAtMs, source };
}

function derivePresence(
  state: PresenceState,
  hasWrapUp: boolean,
): Pick<PresenceReading, 'presence' | 'sinceMs'> | undefined {
  const inCallSinceMs = findStartOfCall(state);
  if (inCallSinceMs !== undefined) return { presence: 'in_call', sinceMs: inCallSinceMs };

  const words = wordsOf(state);
  const there = readPart(words, 'isThere');
  if (there?.is === false) return { presence: 'offline', sinceMs: there.sinceMs };

  const wrapUp = readPart(hasWrapUp ? [...words, ...wrapUpsOf(state)] : words, 'isWrappingUp');
  if (wrapUp?.is === true) return { presence: 'after_call_work', sinceMs: wrapUp.sinceMs };

  const choice = readPart(words, 'takesCalls');
  if (choice?.is === false) return { presence: 'do_not_disturb', sinceMs: choice.sinceMs };

  if (there === undefined || choice === undefined) return undefined;
  const lastWorkMs = [state.heard['wrap-up-ended'] ?? 0, ...state.calls.map(({ atMs }) => atMs)];
  return { presence: 'available', sinceMs: Math.max(there.sinceMs, choice.sinceMs, ...lastWorkMs) };
}

type Timed = { readonly atMs: number; readonly source: PresenceSource };

/** What was heard when, and what it says. */
type Word = Meaning & { readonly what: string; readonly atMs: number };

type Part = Exclude<keyof Meaning, 'source'>;

function wordsOf({ heard }: PresenceState): readonly Word[] {
  return Object.entries(meanings)
    .map(([what, meaning]) => ({ ...meaning, what, atMs: heard[what as keyof typeof meanings] }))
    .filter((word): word is Word => word.atMs !== undefined)
    .toSorted(youngestFirst);
}

function youngestFirst(a: Timed, b: Timed): number {
  return ageOrder(b) - ageOrder(a);
}

/** An event may have happened at any time of its second: it counts as younger than every check of that second. */
function ageOrder({ atMs, source }: Timed): number {
  return source === 'event' ? atMs + 999.5 : atMs;
}

/** What the newest word on a part says, and since when no word has said otherwise. */
function readPart(
  all: readonly Word[],
  part: Part,
): { readonly is: boolean; readonly sinceMs: number } | undefined {
  const words = all.filter((word) => word[part] !== undefined).toSorted(youngestFirst);
  const is = words[0]?.[part];
  if (is === undefined) return undefined;

  const firstOther = words.findIndex((word) => word[part] !== is);
  const unbroken = firstOther === -1 ? words : words.slice(0, firstOther);
  return { is, sinceMs: Math.min(...unbroken.map(({ atMs }) => atMs)) };
}

/**
 * When the call that an agent is in began; `undefined` for none. Calls begun before the last word on calls are counted
 * no more. Where that was a check that found the agent in a call, it stands for a call of its own, which ends with the
 * next end of any.
 */
function findStartOfCall(state: PresenceState): number | undefined {
  const words = wordsOf(state).filter(({ isInCall }) => isInCall !== undefined);
  const begun = state.calls.filter((entry) => !isEnd(entry) && findEnd(state, entry) === undefined);

  const [last] = words;
  const isFound = last?.isInCall === true && !state.calls.filter(isEnd).some(isSince(last));
  const starts = isFound
    ? [last, ...begun.filter(isSince(words.find(({ isInCall }) => isInCall === false)))]
    : begun.filter(isSince(last));
  return starts.length === 0 ? undefined : Math.min(...starts.map(({ atMs }) => atMs));
}

/**
 * The wrap-ups that follow from calls, as words: of one who has wrap-up, each call they answered begins one when they
 * leave it. Not a call that the last word on calls had them out of: its wrap-up was then, though its end be told later.
 */
function wrapUpsOf(state: PresenceState): readonly Word[] {
  const lastOut = wordsOf(state).find(({ isInCall }) => isInCall === false);
  return state.calls
    .filter(({ news }) => news === 'call-answered')
    .filter(isSince(lastOut))
    .map((answered) => findEnd(state, answered))
    .filter((end) => end !== undefined)
    .map(({ news, atMs }) => ({ what: news, source: 'event', atMs, isWrappingUp: true }));
}

/**
 * How the agent left a call that had begun for them. Of two ends it is the one told first: a call they handed over ends
 * for others once more.
 */
function findEnd({ calls }: PresenceState, begun: CallEntry): CallEntry | undefined {
  return calls.findLast(
    (entry) => isEnd(entry) && entry.callId === begun.callId && toldAt(entry) >= toldAt(begun),
  );
}

function isEnd({ news }: CallEntry): boolean {
  return news === 'call-handed-over' || news === 'call-over';
}

/** Whether news of a call is as young as a word, or there is no such word. */
function isSince(word: Word | undefined): (call: CallEntry) => boolean {
  return ({ atMs }) => word === undefined || ageOrder({ atMs, source: 'event' }) >= ageOrder(word);
}

/** That an agent rings bears out that they are available, and nothing else. */
function findNewestWord(state: PresenceState, presence: Presence): Timed {
  const words = wordsOf(state).filter(({ what }) => what !== 'ringing' || presence === 'available');
  const calls = state.calls.map(({ atMs }) => ({ atMs, source: 'event' as const }));

  return [...words, ...calls].reduce((newest, word) => (ageOrder(word) > ageOrder(newest) ? word : newest));
}
