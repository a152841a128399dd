import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { isDate, isZone, localTimeIn } from '../../lib/core/local-time.ts';

describe('the local time', () => {
  it.each([
    ['UTC', '2026-11-25T00:00:00Z', '00:00', '2026-11-25 wed', '2026-11-24 tue'],
    ['UTC', '2026-11-25T23:59:59.999Z', '23:59', '2026-11-25 wed', '2026-11-24 tue'],
    ['Europe/Paris', '2026-12-31T23:30:00Z', '00:30', '2027-01-01 fri', '2026-12-31 thu'],
    ['America/New_York', '2026-03-01T04:59:00Z', '23:59', '2026-02-28 sat', '2026-02-27 fri'],
    ['Asia/Kolkata', '2028-02-29T18:30:00Z', '00:00', '2028-03-01 wed', '2028-02-29 tue'],
    ['Asia/Kathmandu', '2026-11-25T12:00:00Z', '17:45', '2026-11-25 wed', '2026-11-24 tue'],
    ['Pacific/Kiritimati', '2026-11-25T10:00:00Z', '00:00', '2026-11-26 thu', '2026-11-25 wed'],
    ['Europe/Paris', '2026-03-29T00:59:00Z', '01:59', '2026-03-29 sun', '2026-03-28 sat'],
    ['Europe/Paris', '2026-03-29T01:00:00Z', '03:00', '2026-03-29 sun', '2026-03-28 sat'],
    ['Europe/Paris', '2026-10-25T00:59:00Z', '02:59', '2026-10-25 sun', '2026-10-24 sat'],
    ['Europe/Paris', '2026-10-25T01:00:00Z', '02:00', '2026-10-25 sun', '2026-10-24 sat'],
    ['America/New_York', '2026-03-08T07:00:00Z', '03:00', '2026-03-08 sun', '2026-03-07 sat'],
    ['America/New_York', '2026-11-01T06:00:00Z', '01:00', '2026-11-01 sun', '2026-10-31 sat'],
    ['Africa/Cairo', '2026-04-23T22:00:00Z', '01:00', '2026-04-24 fri', '2026-04-23 thu'],
  ])('of %s at %s is %s on %s, after %s', (zone, instant, time, today, yesterday) => {
    const local = localTimeIn(zone, Date.parse(instant));

    expect(local.time).toBe(time);
    expect(`${local.today.date} ${local.today.weekday}`).toBe(today);
    expect(`${local.yesterday.date} ${local.yesterday.weekday}`).toBe(yesterday);
  });

  it('is the same however often it is asked for, and whichever zones were asked for before', () => {
    const instantMs = Date.parse('2026-11-25T12:00:00Z');
    const ask = () =>
      ['Europe/Paris', 'UTC', 'Europe/Paris'].map((zone) => localTimeIn(zone, instantMs).time);

    expect(ask()).toEqual(['13:00', '12:00', '13:00']);
    expect(ask()).toEqual(['13:00', '12:00', '13:00']);
  });
});

it('what reads a zone’s clock is made once: making it takes longer than a decision', () => {
  const made = vi.spyOn(Intl, 'DateTimeFormat');
  for (let hour = 0; hour < 24; hour += 1) localTimeIn('Atlantic/Azores', hour * 3_600_000);

  expect(made).toHaveBeenCalledTimes(1);
  made.mockRestore();
});

describe('a zone', () => {
  it.each(['UTC', 'Europe/Paris', 'europe/paris', 'Asia/Kolkata', 'America/Port-au-Prince', 'Etc/GMT+1'])(
    'is %s',
    (text) => {
      expect(isZone(text)).toBe(true);
    },
  );

  it.each([
    '',
    ' ',
    'Paris',
    'Europe/Atlantis',
    'Europe/Paris ',
    '+01:00',
    '-05:00',
    '+0100',
    'CET+1',
    'localtime',
  ])('is not %j', (text) => {
    expect(isZone(text)).toBe(false);
  });

  it('is each that this system knows', () => {
    expect(Intl.supportedValuesOf('timeZone').filter((zone) => !isZone(zone))).toEqual([]);
  });
});

describe('a date', () => {
  it('is each day that the calendar has', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (day) => {
          expect(isDate(day.toISOString().slice(0, 10))).toBe(true);
        },
      ),
    );
  });

  it.each([
    '2026-02-29',
    '2026-04-31',
    '2100-02-29',
    '2026-1-1',
    '26-01-01',
    '2026-01-01Z',
    'christmas',
    '+012026-12',
    '+012026-12-25',
    'on 2026-01-01',
    '',
  ])('is not %j', (text) => {
    expect(isDate(text)).toBe(false);
  });
});
