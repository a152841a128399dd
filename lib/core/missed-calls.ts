/**
 * Which calls came while no webhook of ours announced them. Aircall doesn't tell since when one is off: it is since we last
 * saw it announce calls. Calls that were announced all the same are known, and cost a look.
 */

/**
 * How far the calls are accounted for: those until `announcedAtMs` were announced, or were read since. With
 * `missedUntilMs`, those from then until this time may have come unannounced.
 */
export type WebhookSeen = { readonly announcedAtMs: number; readonly missedUntilMs?: number };

/** `silent`: none of our webhooks announced new calls. `unknown`: Aircall didn't tell. */
export type WebhookLook = 'announces' | 'silent' | 'unknown';

export type Span = { readonly fromMs: number; readonly toMs: number };

/** A younger call may still be announced: deliveries take seconds. */
const youngMs = 60_000;
const mostMs = 24 * 3_600_000;
/** So often at most, it is noted that all is well. */
const notedEveryMs = 15 * 60_000;

/** The calls that may have been missed, and are all old enough to say so. */
export function findMissedSpan(seen: WebhookSeen | undefined, nowMs: number): Span | undefined {
  if (seen?.missedUntilMs === undefined || nowMs - seen.missedUntilMs < youngMs) return undefined;

  const toMs = seen.missedUntilMs;
  return { fromMs: Math.max(seen.announcedAtMs, toMs - mostMs), toMs };
}

/**
 * What is known after another look. A webhook that was never seen to announce calls owes none: it is still being set up.
 *
 * @param readUntilMs how far the calls that may have been missed were read by now; `undefined`: not at all
 */
export function lookAgain(
  seen: WebhookSeen | undefined,
  {
    look,
    atMs,
    readUntilMs,
  }: { readonly look: WebhookLook; readonly atMs: number; readonly readUntilMs?: number | undefined },
): WebhookSeen | undefined {
  if (seen === undefined) return look === 'announces' ? { announcedAtMs: atMs } : undefined;

  const announcedAtMs = readUntilMs ?? seen.announcedAtMs;
  const { missedUntilMs = 0 } = seen;
  if (look === 'silent') return { announcedAtMs, missedUntilMs: atMs };
  if (announcedAtMs < missedUntilMs) return { announcedAtMs, missedUntilMs };
  return { announcedAtMs: look === 'announces' ? atMs : announcedAtMs };
}

/** Whether it differs by enough to be stored. */
export function isWorthKeeping(before: WebhookSeen | undefined, after: WebhookSeen): boolean {
  if (before === undefined) return true;
  if (before.missedUntilMs !== after.missedUntilMs) return true;

  const aheadMs = after.announcedAtMs - before.announcedAtMs;
  return aheadMs >= (after.missedUntilMs === undefined ? notedEveryMs : 1);
}
