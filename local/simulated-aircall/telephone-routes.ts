/**
 * The telephones by HTTP, for a player in another process (`npm run call`). Not Aircall's: no credential, no rate limit, and
 * not counted among its requests.
 *
 *   POST /telephone/calls                     {"from", "company"?, "distribution"?, "flow"?, "duplicates"?, "reorderingSeed"?}
 *                                             → 201 {"callId"}
 *   GET  /telephone/calls/:id/story?after=N   → 200 {"events", "next", "isOver"}
 *   POST /telephone/calls/:id/answer          {"userId"} → 204; so do decline {"userId"} and hang-up {"by"}
 *
 * `company` is the id of the one whose number is called; without it, the main one's.
 *
 * 400 for a body that makes no sense, 404 for a company or a call that never was, 409 for what can't be done now.
 */
import * as z from 'zod/mini';
import { type Answer, json } from './answer.ts';
import { flowOrders } from './flow-steps.ts';
import type { StoryEvent } from './story.ts';
import type { IncomingCall, Telephone } from './telephone.ts';

export const TELEPHONE_PATH = '/telephone/';

export type StoryPage = {
  readonly events: readonly StoryEvent[];
  /** What to ask for `after` next. */
  readonly next: number;
  readonly isOver: boolean;
};

const placedCall = z.strictObject({
  from: z.string().check(z.minLength(1)),
  company: z.optional(z.int()),
  distribution: z.optional(z.array(z.int())),
  flow: z.optional(z.enum(flowOrders)),
  duplicates: z.optional(z.boolean()),
  reorderingSeed: z.optional(z.int()),
});
export type PlacedCall = z.infer<typeof placedCall>;

const byUser = z.strictObject({ userId: z.int() });
const byWhom = z.strictObject({ by: z.enum(['caller', 'agent']) });

/** By company id; the main company's first. */
export type Telephones = ReadonlyMap<number, Telephone>;

const done: Answer = { status: 204 };

export function answerTelephone(method: string, url: URL, bodyText: string, telephones: Telephones): Answer {
  const [, , , callId, action] = url.pathname.split('/');
  const body = parseJson(bodyText);
  if (method === 'POST' && url.pathname === '/telephone/calls') return placeCall(body, telephones);

  const telephone = callId && [...telephones.values()].find(({ call }) => call(callId) !== undefined);
  if (!callId || !telephone) return problem(404, 'no such call');
  if (method === 'GET' && action === 'story') return json(200, readStory(callId, url, telephone));
  if (method !== 'POST') return problem(404, 'no such path');

  switch (action) {
    case 'answer':
    case 'decline': {
      const read = byUser.safeParse(body);
      if (!read.success) return problem(400, 'userId: expected a number');
      return orConflict(telephone[action](callId, read.data.userId));
    }
    case 'hang-up': {
      const read = byWhom.safeParse(body);
      if (!read.success) return problem(400, 'by: expected "caller" or "agent"');
      return orConflict(telephone.hangUp(callId, read.data.by));
    }
    default:
      return problem(404, 'no such path');
  }
}

function placeCall(body: unknown, telephones: Telephones): Answer {
  const read = placedCall.safeParse(body);
  if (!read.success) return problem(400, `${read.error.issues[0]?.path.join('.') || 'body'}: not understood`);

  const { company } = read.data;
  const [main] = telephones.values();
  const telephone = company === undefined ? main : telephones.get(company);
  if (telephone === undefined) return problem(404, 'no such company');

  return json(201, { callId: telephone.placeCall(toIncomingCall(read.data)) });
}

function toIncomingCall({ from, distribution, flow, duplicates, reorderingSeed }: PlacedCall): IncomingCall {
  return {
    from,
    ...(distribution !== undefined && { distribution }),
    ...(flow !== undefined && { flow }),
    deliveries: {
      ...(duplicates !== undefined && { duplicates }),
      ...(reorderingSeed !== undefined && { reordering: { seed: reorderingSeed } }),
    },
  };
}

function readStory(callId: string, url: URL, telephone: Telephone): StoryPage {
  const after = Number(url.searchParams.get('after') ?? 0) || 0;
  const story = telephone.story(callId);
  return { events: story.slice(after), next: story.length, isOver: telephone.call(callId)?.phase === 'over' };
}

function orConflict(isDone: boolean): Answer {
  return isDone ? done : problem(409, 'that can not be done now');
}

function problem(status: number, error: string): Answer {
  return json(status, { error });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
