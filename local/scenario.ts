/**
 * A scenario: calls, what each agent does when their phone rings, how events are delivered, and what must come out.
 * `local/scenarios/*.json` hold one each; a key that is not known here is refused with its path.
 */
import { readdirSync, readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { presences } from '../lib/core/policy.ts';
import { flowOrders } from './simulated-aircall/flow-steps.ts';

const seconds = z.number().check(z.nonnegative());
const userId = z.int().check(z.positive());
/** JSON has no other keys than texts. */
const userIdText = z.string().check(z.regex(/^[1-9]\d*$/));

const agentAct = z.union([
  z.literal('ignores'),
  z.strictObject({ answers: seconds }),
  z.strictObject({ declines: seconds }),
]);

const call = z.strictObject({
  /** As Aircall shows it. */
  from: z.string(),
  atSeconds: seconds,
  /** Users whom the number itself rings, or the call flow, when nothing else is left. */
  distribution: z.optional(z.array(userId)),
  /** It comes in by the call flow, which asks the router who should ring, before or after it is announced. */
  flow: z.optional(z.enum(flowOrders)),
  /** What each does when this call rings them, after so many seconds. Who is not named lets it ring. */
  agents: z.optional(z.record(userIdText, agentAct)),
  /** How long the caller stays on, from calling; answered or not. */
  hangsUpAtSeconds: z.optional(seconds),
  /** How long they talk before the caller hangs up: 30 s where nothing is said. */
  talksForSeconds: z.optional(seconds),
});

const transferTarget = z.union([
  z.strictObject({ user_id: userId }),
  z.strictObject({ team_id: userId, dispatching_strategy: z.optional(z.string()) }),
  z.strictObject({ number: z.string() }),
]);

const expectedCall = z.strictObject({
  /** What the call flow was answered; absent: it asked nothing, or nobody answered. */
  ringTo: z.optional(z.unknown()),
  /** What the router answered to the announcement it acted on; absent: it never got one. */
  outcome: z.optional(z.string()),
  because: z.optional(z.string()),
  /** Every transfer of this call, in order. */
  transfers: z.array(transferTarget),
  /** Who talked last; or that nobody answered, or that the caller gave up before. */
  endsWith: z.union([userId, z.enum(['missed', 'abandoned', 'outside'])]),
});

const scenario = z.strictObject({
  /** What it shows, in a sentence. */
  says: z.string(),
  /** As an operator writes it. */
  policy: z.optional(z.unknown()),
  /** In place of the seeded ones. */
  contacts: z.optional(
    z.array(
      z.strictObject({
        phone: z.string(),
        name: z.string(),
        assignedTo: z.optional(z.string()),
        backups: z.optional(z.array(z.string())),
      }),
    ),
  ),
  agents: z.optional(
    z.array(
      z.strictObject({
        id: userId,
        name: z.string(),
        email: z.string(),
        availability: z.optional(z.enum(presences)),
        wrapUpSeconds: z.optional(seconds),
      }),
    ),
  ),
  calls: z.array(call).check(z.minLength(1)),
  deliveries: z.optional(
    z.strictObject({
      duplicates: z.optional(z.boolean()),
      reordering: z.optional(z.strictObject({ seed: z.int(), withinSeconds: seconds })),
      delaySeconds: z.optional(seconds),
      /** The router answers 503, to the call flow as well, from the first second on, and is back at the second one. */
      refused: z.optional(z.strictObject({ fromSeconds: seconds, toSeconds: seconds })),
    }),
  ),
  expect: z.strictObject({
    /** One for each of `calls`. */
    calls: z.array(expectedCall),
    /** Whether Aircall switched it off in between, and whether it is on at the end. */
    webhook: z.optional(z.strictObject({ wasSwitchedOff: z.boolean(), isActive: z.boolean() })),
    /** What the router takes these agents to be doing at the end. */
    presences: z.optional(z.record(userIdText, z.enum(presences))),
  }),
});

export type Scenario = z.infer<typeof scenario>;
export type ScenarioCall = Scenario['calls'][number];
export type ScenarioOutcome = Scenario['expect'];

/** @throws an error that names the first key that is wrong */
export function parseScenario(document: unknown): Scenario {
  const read = scenario.safeParse(document);
  if (read.success) return read.data;

  const [issue] = read.error.issues;
  const stray = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const path = [...(issue?.path ?? []), ...stray].join('.');
  throw new Error(`${path || 'scenario'}: ${stray.length > 0 ? 'unknown key' : 'not as in a scenario'}`);
}

const folder = new URL('./scenarios/', import.meta.url);

/** By name of file, in alphabetical order. @throws an error that names the file, and the key that is wrong */
export function readScenarios(): readonly { readonly file: string; readonly scenario: Scenario }[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file) => {
      try {
        const document: unknown = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
        return { file, scenario: parseScenario(document) };
      } catch (error) {
        throw new Error(`local/scenarios/${file}: ${error instanceof Error ? error.message : error}`, {
          cause: error,
        });
      }
    });
}
