/**
 * What can go wrong between a client and Aircall, on demand. "The work" is all of Aircall: without it, neither
 * credentials nor the rate limit come into play.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, json } from './answer.ts';
import { matchRoute } from './match-route.ts';
import { isOpenRoute } from './open-routes.ts';
import { isCompanyRoute } from './routes.ts';
import { hugeText, spoilAnswer, spoilTypes } from './spoilt-answers.ts';

export type Fault =
  /** Late: the work is done after the delay, even if the client has given up by then. */
  | { kind: 'delay'; delayMs: number }
  /** Late: the work is done at once, the answer comes after the delay. */
  | { kind: 'delay-after-work'; delayMs: number }
  /** Answered with this status, the work not done. */
  | { kind: 'status'; status: number; body?: unknown; headers?: Record<string, string> }
  /** Answered with this status, the work done all the same. */
  | { kind: 'status-after-work'; status: number; body?: unknown; headers?: Record<string, string> }
  /** 200 with a body that is not JSON, the work not done. */
  | { kind: 'garbage' }
  /** The right answer with every value of another type, the work done. */
  | { kind: 'wrong-types' }
  /** The first half of the right answer, the work done. */
  | { kind: 'truncated' }
  /** 30 MB of JSON, the work done. */
  | { kind: 'huge' }
  /** Never answered, the work not done. */
  | { kind: 'hang' }
  /** Never answered, the work done. */
  | { kind: 'hang-after-work' }
  /** The connection is reset, the work not done. */
  | { kind: 'reset-before-work' }
  /** The connection is reset, the work done. */
  | { kind: 'reset-after-work' };

export type Reaction = Answer | 'hang' | 'reset';

export function createFaults() {
  let once: { route: string; fault: Fault }[] = [];
  let always = new Map<string, Fault>();

  return {
    failNext(route: string, fault: Fault, times = 1): void {
      mustBeRoute(route);
      once.push(...Array.from({ length: times }, () => ({ route, fault })));
    },
    /** Until `heal`. What `failNext` asked for goes first. */
    failAlways(route: string, fault: Fault): void {
      mustBeRoute(route);
      always.set(route, fault);
    },
    heal(): void {
      once = [];
      always = new Map();
    },
    take(method: string, path: string): Fault | undefined {
      const index = once.findIndex(({ route }) => matchRoute(route, method, path) !== undefined);
      if (index >= 0) return once.splice(index, 1)[0]?.fault;

      return always.entries().find(([route]) => matchRoute(route, method, path) !== undefined)?.[1];
    },
  };
}

export async function suffer(
  fault: Fault | undefined,
  work: () => Answer,
  closing: AbortSignal,
): Promise<Reaction> {
  switch (fault?.kind) {
    case undefined:
      return work();
    case 'delay':
      await sleep(fault.delayMs, undefined, { signal: closing });
      return work();
    case 'delay-after-work': {
      const answer = work();
      await sleep(fault.delayMs, undefined, { signal: closing });
      return answer;
    }
    case 'status':
      return json(fault.status, fault.body, fault.headers);
    case 'status-after-work':
      work();
      return json(fault.status, fault.body, fault.headers);
    case 'garbage':
      return { ...json(200, {}), text: '<html>Bad gateway</html>' };
    case 'wrong-types':
      return spoilAnswer(work(), spoilTypes);
    case 'truncated':
      return spoilAnswer(work(), (text) => text.slice(0, Math.ceil(text.length / 2)));
    case 'huge':
      return spoilAnswer(work(), hugeText);
    case 'hang':
      return 'hang';
    case 'hang-after-work':
      work();
      return 'hang';
    case 'reset-before-work':
      return 'reset';
    case 'reset-after-work':
      work();
      return 'reset';
  }
}

/** A fault on a route that does not exist would never strike, and its test would prove nothing. */
function mustBeRoute(route: string): void {
  if (!isCompanyRoute(route) && !isOpenRoute(route))
    throw new Error(`the simulated Aircall has no route "${route}"`);
}
