/**
 * Every scenario of `local/scenarios/`, through the real handler. Time is moved by hand, the `Date` that the handlers
 * read included; it has to be taken over before any of them is loaded.
 */
import { afterAll, describe, expect, it, vi } from 'vitest';

const START_MS = vi.hoisted(() => {
  const startMs = 1_763_851_200_000;
  vi.useFakeTimers({ toFake: ['Date'], now: startMs });
  return startMs;
});
afterAll(() => vi.useRealTimers());

import { runScenario } from '../../local/run-scenario.ts';
import { parseScenario, readScenarios } from '../../local/scenario.ts';

const scenarios = readScenarios();

describe('the scenario', () => {
  for (const { file, scenario } of scenarios) {
    it(`${file}: ${scenario.says}`, async () => {
      const setNow = (nowMs: number) => vi.setSystemTime(nowMs);
      const { outcome, takenAway } = await runScenario(scenario, { startMs: START_MS, setNow });
      expect(outcome).toMatchObject(scenario.expect);
      expect(outcome.calls).toEqual(scenario.expect.calls);
      expect(takenAway).toEqual([]);
    });
  }
});

describe('a scenario file', () => {
  const good = {
    says: 'It rings.',
    calls: [{ from: 'anonymous', atSeconds: 0 }],
    expect: { calls: [{ transfers: [], endsWith: 'missed' }] },
  };

  it('is read as it stands', () => {
    expect(parseScenario(good)).toEqual(good);
  });

  it.each([
    [{ ...good, color: 'red' }, 'color: unknown key'],
    [{ ...good, calls: [] }, 'calls: not as in a scenario'],
    [{ ...good, calls: [{ from: 'anonymous' }] }, 'calls.0.atSeconds: not as in a scenario'],
    [{ ...good, calls: [{ from: 'anonymous', atSeconds: 0, talk: 3 }] }, 'calls.0.talk: unknown key'],
    [
      { ...good, deliveries: { reordering: { seeds: 1 } } },
      'deliveries.reordering.seed: not as in a scenario',
    ],
    [{ ...good, expect: { calls: [], hops: 1 } }, 'expect.hops: unknown key'],
    [[], 'scenario: not as in a scenario'],
  ])('%# is refused, with the place', (document, message) => {
    expect(() => parseScenario(document)).toThrow(message);
  });
});
