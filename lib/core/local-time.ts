/**
 * What clocks and calendars show in a time zone at an instant.
 */
import { type Weekday, weekdays } from './policy.ts';

export type LocalTime = {
  /** `HH:MM`: an earlier time is the lesser text. */
  readonly time: string;
  readonly today: LocalDay;
  readonly yesterday: LocalDay;
};

export type LocalDay = {
  /** `2026-12-25` */
  readonly date: string;
  readonly weekday: Weekday;
};

/** @param zone for which `isZone` */
export function localTimeIn(zone: string, instantMs: number): LocalTime {
  const clockMs = readClockMs(zone, instantMs);

  return {
    time: new Date(clockMs).toISOString().slice(11, 16),
    today: dayOf(clockMs),
    yesterday: dayOf(clockMs - 86_400_000),
  };
}

/** Whether the text names an IANA time zone. The offsets that Intl also takes (`+01:00`) know no summer time. */
export function isZone(text: string): boolean {
  if (/^[+-]/.test(text)) return false;
  try {
    formatOf(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether there is such a day: `2026-02-28`, but not `2026-02-30`. */
export function isDate(text: string): boolean {
  const startMs = Date.parse(`${text}T00:00Z`);
  return /^\d/.test(text) && !Number.isNaN(startMs) && dayOf(startMs).date === text;
}

/** The instant at which UTC's clocks show what the zone's do now: from here on the calendar needs no zone. */
function readClockMs(zone: string, instantMs: number): number {
  const parts = formatOf(zone).formatToParts(instantMs);
  const clock = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)])) as ClockParts;

  return Date.UTC(clock.year, clock.month - 1, clock.day, clock.hour, clock.minute);
}

type ClockParts = Record<'year' | 'month' | 'day' | 'hour' | 'minute', number>;

function dayOf(clockMs: number): LocalDay {
  const day = new Date(clockMs);
  return {
    date: day.toISOString().slice(0, 10),
    weekday: weekdays[day.getUTCDay() as 0 | 1 | 2 | 3 | 4 | 5 | 6],
  };
}

/** Making one takes longer than a decision. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;

  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  formats.set(zone, format);
  return format;
}
