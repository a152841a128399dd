/**
 * Aircall's JSON as far as we rely on it, and the only place of its names. Every key may be missing, null or `{}`
 * unless it is required here; unknown keys come and go.
 */
import * as z from 'zod/mini';

const looseText = z.catch(z.optional(z.string()), undefined);
/** Digits that came as a number have lost their `+`: nobody can read them, but they are some. */
const looseDigits = z.pipe(
  z.union([z.number(), looseText]),
  z.transform((digits) => (digits === undefined ? undefined : String(digits))),
);
const anything = z.optional(z.unknown());

/** An Int64: a JSON number, or text where a JavaScript number would not hold it exactly (see `parseExactJson`). */
const int64 = z.union([z.int().check(z.positive()), z.string().check(z.regex(/^[1-9]\d{0,18}$/))]);

/** The five fields every delivery has. */
export const envelope = z.object({
  resource: z.string(),
  event: z.string(),
  timestamp: z.number(),
  token: z.string(),
  data: z.looseObject({}),
});

/** A call in a delivery or in an answer. Unanswered, `answered_at` is null; a call that nobody was given has no `user`. */
export const call = z.object({
  id: int64,
  direction: z.enum(['inbound', 'outbound']),
  /** UNIX seconds, before the year 5138: beyond, it is no time. */
  started_at: z.number().check(z.gte(0), z.lte(100_000_000_000)),
  status: looseText,
  answered_at: z.catch(z.optional(z.number()), undefined),
  ended_at: z.catch(z.optional(z.number()), undefined),
  raw_digits: looseText,
  number: z.catch(
    z.optional(
      z.object({
        id: z.catch(z.optional(z.int().check(z.positive())), undefined),
        digits: looseText,
        e164_digits: looseText,
      }),
    ),
    undefined,
  ),
  user: anything,
  assigned_to: anything,
  transferred_to: anything,
  transferred_by: anything,
  external_transferred_to: anything,
});
export type WireCall = z.infer<typeof call>;

export const callAnswer = z.object({ call });

export const user = z.object({
  id: z.int().check(z.positive()),
  email: z.string(),
  name: looseText,
  /** Seconds; 0 for none. */
  wrap_up_time: z.catch(z.optional(z.number().check(z.positive())), undefined),
});
export type WireUser = z.infer<typeof user>;

export const userAnswer = z.object({ user });

const pageMeta = z.object({
  next_page_link: z.nullish(z.string()),
  total: z.catch(z.optional(z.number()), undefined),
});

/** One page; each user is read by itself, so that one odd user doesn't cost the others. */
export const usersPage = z.object({
  users: z.array(z.unknown()),
  meta: pageMeta,
});

/** One page; each call is read by itself: most say nothing to us. */
export const callsPage = z.object({ calls: z.array(z.unknown()), meta: pageMeta });

/** UNIX seconds, or the text of a time: both were seen. `undefined` for what is no time. */
const secondsOrText = z.catch(z.optional(z.union([z.number(), z.string()])), undefined);

/** A contact in an event or in the list. One that was deleted has no phones any more. */
export const contact = z.object({
  id: int64,
  first_name: looseText,
  last_name: looseText,
  company_name: looseText,
  information: looseText,
  created_at: secondsOrText,
  updated_at: secondsOrText,
  phone_numbers: z.array(z.catch(z.object({ value: z.string() }), { value: '' })),
});
export type WireContact = z.infer<typeof contact>;

/** All of a deleted contact that is relied on. */
export const deletedContact = z.object({ id: int64 });

/** One page; each contact is read by itself. */
export const contactsPage = z.object({ contacts: z.array(z.unknown()), meta: pageMeta });

/** The operational vocabulary; `availability_status` is another one, of choices. */
export const availability = z.enum(['available', 'in_call', 'after_call_work', 'do_not_disturb', 'offline']);

export const availabilityAnswer = z.object({ availability });

/** An entry of the list of availabilities, whose page is shaped as that of the users. */
export const userAvailability = z.object({ id: z.int().check(z.positive()), availability });

/** What the call flow sends; the names are the ones to set in its widget. A number that is none is a withheld one. */
export const ringToQuestion = z.object({
  call_id: int64,
  caller_number: looseDigits,
  target_number: looseText,
});

/** Who an event is about: all of a `user` that is relied on there. */
export const userOfEvent = z.object({ id: z.int().check(z.positive()) });

/** Who had a conversation; the e-mail may be missing. */
export const userOfConversation = z.object({ id: z.int().check(z.positive()), email: looseText });

export const webhook = z.object({
  webhook_id: z.string(),
  custom_name: looseText,
  url: z.string(),
  active: z.boolean(),
  events: z.array(z.string()),
  token: z.string(),
});
export type WireWebhook = z.infer<typeof webhook>;

export const webhookAnswer = z.object({ webhook });

/** One page; each webhook is read by itself: most of a company's are not ours. */
export const webhooksPage = z.object({
  webhooks: z.array(z.unknown()),
  meta: pageMeta,
});

const idAsText = z.pipe(
  int64,
  z.transform((id) => String(id)),
);

/** The integration that an access token belongs to. Its exact shape is known to nobody here: the company's id is looked for. */
export const integrationAnswer = z.object({
  integration: z.object({ company_id: idAsText }),
});

/** The company that asks. Whether its id comes with it is not known. */
export const companyAnswer = z.object({
  company: z.object({ id: z.catch(z.optional(idAsText), undefined), name: z.string() }),
});

export const accessTokenAnswer = z.object({ access_token: z.string().check(z.minLength(1)) });

/** The documented shapes of an error: `{error, troubleshoot}`, `{message}`, and with `success: false` or `errors: {}` beside. */
export const errorBody = z.object({ error: looseText, troubleshoot: looseText, message: looseText });

/** Below this many digits every whole number is exact. */
const longNumber = /\d{16}/;

/**
 * JSON with whole numbers beyond 2^53 kept exact, as text. Throws a `SyntaxError` for what is no JSON.
 *
 * To look at each value costs a hundred times what the parsing does: only where there may be such a number.
 */
export function parseExactJson(text: string): unknown {
  if (!longNumber.test(text)) return JSON.parse(text);

  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) => {
    const isInexact = typeof value === 'number' && !Number.isSafeInteger(value);
    return isInexact && /^-?\d+$/.test(String(context?.source)) ? context?.source : value;
  });
}
