/**
 * What a call flow's "Ring to (via API)" widget asks, and how it reads the answer.
 *
 * Known: it asks synchronously, with a credential that was chosen in the widget; reads a user, a team or a number at a path
 * that was, too; and goes to its fallback when nothing usable comes back. Claimed: the question's three fields, and 3 s.
 * Gaps, and what was chosen:
 * - Here the credential is a bearer token, and the paths are `data.user_id`, `data.team_id` and `data.number`, in this order.
 * - The call's id is a bare number, the two numbers are as `call.created` has them. Ids in the answer may be in quotes.
 * - Any answer but 200 is nothing usable.
 * - Who is in a team: everybody. Of them the first who is free is rung.
 */
import * as z from 'zod/mini';
import { int64 } from './answer.ts';
import type { CallState, Facts, RingTarget } from './call-state.ts';
import { printNumber } from './calls.ts';
import type { Company } from './company.ts';

/** Where the widget asks, and the bearer token it carries. */
export type CallFlow = { readonly url: string; readonly secret: string };

/** `undefined`: nobody answered in time. */
export type FlowAnswer = { readonly status: number; readonly text: string } | undefined;

/** Brings a question to a flow's URL. */
export type Ask = (flow: CallFlow, body: string) => Promise<FlowAnswer>;

const WAITS_MS = 3_000;

/** @param flow undefined where none is set up: then nobody answers */
export async function askFlow(
  { callId, from }: CallState,
  flow: CallFlow | undefined,
  company: Company,
  ask: Ask,
): Promise<FlowAnswer> {
  const { digits } = printNumber(company);
  const question = { call_id: int64(callId), caller_number: from, target_number: digits };
  return flow && ask(flow, JSON.stringify(question));
}

const id = z.union([
  z.int().check(z.positive()),
  z.pipe(z.string().check(z.regex(/^[1-9]\d{0,14}$/)), z.transform(Number)),
]);
const usable = z.object({
  data: z.object({
    user_id: z.optional(id),
    team_id: z.optional(id),
    number: z.optional(z.string().check(z.regex(/^\+[1-9]\d{6,14}$/))),
  }),
});

/** @returns undefined where nothing of it can be used */
export function readFlowAnswer(
  answer: FlowAnswer,
  { users }: Company,
  isFree: Facts['isFree'],
): RingTarget | undefined {
  const read = usable.safeParse(answer?.status === 200 ? parseJson(answer.text) : undefined);
  if (!read.success) return undefined;

  const { user_id, team_id, number } = read.data.data;
  if (user_id !== undefined) return { kind: 'users', userIds: [user_id] };
  if (team_id !== undefined) return { kind: 'users', userIds: [...users.keys()].filter(isFree).slice(0, 1) };
  return number === undefined ? undefined : { kind: 'number', number };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The wait for an answer is real time, whatever clock the telephone goes by: the request is real. */
export const askOverHttp: Ask = createAsk(WAITS_MS);

export function createAsk(timeoutMs: number): Ask {
  return async function ask({ url, secret }, body) {
    try {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` };
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await fetch(url, { method: 'POST', headers, body, signal });
      return { status: response.status, text: await response.text() };
    } catch {
      return undefined;
    }
  };
}
