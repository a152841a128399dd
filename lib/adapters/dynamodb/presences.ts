/**
 * Agents' presence: what was told of them, and beside it, flat, what that comes to: for conditions to test.
 *
 * The flat attributes follow from the told facts, and from whether the agent has wrap-up: as of the last write. Only their age depends on the clock, and it is a condition's
 * own business to compare that.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { CallId, EmailAddress, StoreResult } from '../../core/model.ts';
import {
  applyPresence,
  nothingHeard,
  type PresenceReading,
  type PresenceState,
  readPresence,
} from '../../core/presence.ts';
import { fail, succeed } from '../../core/result.ts';
import type { AgentRef, TrackPresence } from '../../ports.ts';
import { findEmail } from './agents.ts';
import { agentKey } from './keys.ts';
import { get, readItem, schemaVersion, type Table, write } from './table.ts';

/** Each failed try is another writer's success: it takes a crowd to lose all of these. */
const mostTries = 10;
const pauseBetweenTriesMs = 20;

const isKnown = 'attribute_exists(email)';
const isOurVersion = 'schemaVersion <= :schemaVersion';
const isFirst = 'attribute_not_exists(presenceVersion)';
const isUntouched = 'presenceVersion = :version';

const time = z.optional(z.number());
const presenceState = z.object({
  heard: z.object({
    disconnected: time,
    connected: time,
    closed: time,
    opened: time,
    'wrap-up-ended': time,
    'wrap-up-started': time,
    ringing: time,
    offline: time,
    in_call: time,
    after_call_work: time,
    do_not_disturb: time,
    available: time,
  }),
  calls: z.array(
    z.object({
      callId: z.pipe(
        z.string(),
        z.transform((id) => id as CallId),
      ),
      news: z.enum(['call-dialled', 'call-answered', 'call-handed-over', 'call-over']),
      atMs: z.number(),
      toldAtMs: time,
    }),
  ),
});

const trackedItem = z.object({
  aircallUserId: z.optional(z.int()),
  wrapUpSeconds: z.optional(z.number()),
  presenceState: z.optional(presenceState),
  presenceVersion: z.optional(z.int()),
});

type Tracked = {
  readonly state: PresenceState;
  readonly version: number | undefined;
  readonly hasWrapUp: boolean;
};

/** What is to be written, and which version it follows from. */
type Derived = Pick<Tracked, 'state' | 'version'> & { readonly reading: PresenceReading | undefined };

export function createTrackPresence(table: Table): TrackPresence {
  return async function trackPresence(who, fact, deadlineMs) {
    const email = await findEmail(table, who, deadlineMs);
    if (!email.ok) return email;
    if (email.value === undefined) return succeed({ kind: 'unknown-agent' });

    for (let tries = 1; tries <= mostTries; tries += 1) {
      const stored = await read(email.value, who, deadlineMs);
      if (!stored.ok) return stored;
      if (stored.value === undefined) return succeed({ kind: 'unknown-agent' });

      const { state, version, hasWrapUp } = stored.value;
      const next = applyPresence(state, fact);
      const readings = { before: readPresence(state, hasWrapUp), after: readPresence(next, hasWrapUp) };
      if (isDeepStrictEqual(state, next)) return succeed({ kind: 'unchanged', ...readings });

      const written = await replace(
        email.value,
        { state: next, reading: readings.after, version },
        deadlineMs,
      );
      if (!written.ok) return written;
      if (written.value === 'written') return succeed({ kind: 'changed', ...readings });
      await sleep(Math.random() * tries * pauseBetweenTriesMs);
    }
    return fail({ reason: 'store-unavailable', detail: 'too many writers' });
  };

  /** `undefined`: nobody, or someone who has another login by now. */
  async function read(
    email: EmailAddress,
    who: AgentRef,
    deadlineMs: number,
  ): Promise<StoreResult<Tracked | undefined>> {
    const answer = await get(table, agentKey(table.account, email), deadlineMs);
    if (!answer.ok) return answer;
    if (answer.value === undefined) return succeed(undefined);

    const item = readItem(trackedItem, 'agent', answer.value);
    if (!item.ok) return item;
    if (typeof who === 'number' && item.value.aircallUserId !== who) return succeed(undefined);

    const { presenceState: state = nothingHeard, presenceVersion: version, wrapUpSeconds = 0 } = item.value;
    return succeed({ state: state as PresenceState, version, hasWrapUp: wrapUpSeconds > 0 });
  }

  async function replace(email: EmailAddress, { state, reading, version }: Derived, deadlineMs: number) {
    const update = new UpdateCommand({
      TableName: table.name,
      Key: agentKey(table.account, email),
      UpdateExpression: [
        'SET presenceState = :state, presenceVersion = :nextVersion',
        reading === undefined
          ? ' REMOVE presence, presenceSinceMs, presenceAtMs, presenceSource'
          : ', presence = :presence, presenceSinceMs = :sinceMs, presenceAtMs = :atMs, presenceSource = :source',
      ].join(''),
      ConditionExpression: `${isKnown} AND ${isOurVersion} AND ${version === undefined ? isFirst : isUntouched}`,
      ExpressionAttributeValues: {
        ':schemaVersion': schemaVersion,
        ':state': state,
        ':nextVersion': (version ?? 0) + 1,
        ...(version !== undefined && { ':version': version }),
        ...(reading !== undefined && {
          ':presence': reading.presence,
          ':sinceMs': reading.sinceMs,
          ':atMs': reading.knownAtMs,
          ':source': reading.source,
        }),
      },
    });
    return write(table, deadlineMs, (options) => table.client.send(update, options));
  }
}
