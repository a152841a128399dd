/**
 * Whatever an invocation dies of, and however often and whenever its delivery comes again: what must hold, by verdict.ts.
 * Every point of every scenario is tried, and at the end it is told how many there were.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { crash, listCrashPoints } from './crash-points.ts';
import { rungIn } from './ledger.ts';
import * as sabotage from './sabotage.ts';
import { scenarios } from './scenarios.ts';
import { countAccepted, countPrices, findViolations, type Violation } from './verdict.ts';
import { live, type Sabotage } from './world.ts';

const counts = { schedules: 0, deaths: 0, transfers: 0, prices: 0, violations: 0 };

describe.each(scenarios)('$name', ({ facts, rings }) => {
  it('goes as it should while nobody dies', async () => {
    const unharmed = await live(facts);
    expect(rungIn(unharmed)).toEqual(rings);
    expect(findViolations(unharmed)).toEqual([]);
  });

  it('holds at every point of death', async () => {
    const found: (Violation & { readonly what: string })[] = [];
    for (const point of await listCrashPoints(facts)) {
      const ledger = await crash(facts, point);
      const violations = findViolations(ledger);
      found.push(...violations.map((violation) => ({ ...violation, what: point.what })));
      const deaths = ledger.invocations.filter(({ isDead }) => isDead).length;
      expect({ what: point.what, deaths }).toEqual({ what: point.what, deaths: 1 });
      counts.schedules += 1;
      counts.deaths += deaths;
      counts.transfers += countAccepted(ledger);
      counts.prices += countPrices(ledger);
      counts.violations += violations.length;
    }
    expect(found).toEqual([]);
  });
});

/** What is found wrong at every fifth point of all scenarios, which are of all sorts. */
async function findKinds(broken: Sabotage): Promise<readonly string[]> {
  const kinds = new Set<string>();
  for (const { facts } of scenarios) {
    const points = (await listCrashPoints(facts)).filter((_, place) => place % 5 === 0);
    for (const point of points) {
      for (const { kind } of findViolations(await crash(facts, point, broken))) kinds.add(kind);
    }
  }
  return [...kinds].sort();
}

describe('a router', () => {
  it.each([
    {
      without: 'a claim',
      broken: sabotage.withoutClaim,
      kinds: ['second-transfer', 'sent-over-another', 'two-doors', 'untrue-record'],
    },
    {
      without: 'doubt about a lapsed claim',
      broken: sabotage.withoutDoubt,
      kinds: ['second-transfer', 'untrue-record'],
    },
    {
      without: 'a claim of hops',
      broken: sabotage.withoutHopClaim,
      kinds: ['second-transfer', 'sent-over-another', 'untrue-record'],
    },
    {
      without: 'a reading of the call',
      broken: sabotage.withoutReading,
      kinds: ['caller-taken-away', 'second-transfer', 'untrue-record'],
    },
    {
      without: 'an owner who alone may settle',
      broken: sabotage.withoutOwnership,
      kinds: ['untrue-record'],
    },
    { without: 'a deadline', broken: sabotage.withoutDeadline, kinds: ['no-answer'] },
  ])('without $without is found out', async ({ broken, kinds }) => {
    expect(await findKinds(broken)).toEqual(kinds);
  });
});

afterAll(() => {
  const told = Object.entries(counts).map(([what, count]) => `${count.toLocaleString('en')} ${what}`);
  process.stdout.write(`crash points: ${told.join(', ')}\n`);
});
