/**
 * Aircall's call flow asks who should ring ("Ring to (via API)"): the question read, the answer written.
 */
import { parseCaller, parsePhoneNumber } from '../../core/phone-number.ts';
import { fail, succeed } from '../../core/result.ts';
import type { ReadRingTo, WriteRingTo } from '../../use-cases/answer-ring-to.ts';
import { createIsAccepted } from './accepted-secrets.ts';
import { toCallId } from './calls.ts';
import { parseExactJson, ringToQuestion } from './wire.ts';

/** @param acceptedSecrets what the flow may carry as its bearer token: two while one is being replaced */
export function createReadRingTo(acceptedSecrets: readonly string[]): ReadRingTo {
  const isAccepted = createIsAccepted(acceptedSecrets);

  return function readRingTo({ authorization, body }) {
    const [, secret] = authorization?.match(/^bearer +(.+)$/i) ?? [];
    if (secret === undefined || !isAccepted(secret.trim())) {
      return fail({ reason: 'unauthorized', detail: 'authorization' });
    }

    const parsed = ringToQuestion.safeParse(parseJson(body));
    if (!parsed.success) {
      const field = parsed.error.issues[0]?.path.join('.') || 'body';
      return fail({ reason: 'bad-request', detail: `${field}: not as the flow should send it` });
    }
    const { call_id, caller_number, target_number } = parsed.data;
    const aircallNumber = parsePhoneNumber(target_number ?? '');
    return succeed({
      callId: toCallId(call_id),
      caller: parseCaller(caller_number),
      ...(aircallNumber !== undefined && { aircallNumber }),
    });
  };
}

function parseJson(body: string): unknown {
  try {
    return parseExactJson(body);
  } catch {
    return undefined;
  }
}

/** With nothing in it the flow goes on to its own fallback. */
export const writeRingTo: WriteRingTo = ({ to }) => {
  switch (to?.kind) {
    case 'agent':
      return { data: { user_id: to.aircallUserId } };
    case 'team':
      return { data: { team_id: to.teamId } };
    case 'number':
      return { data: { number: to.phone } };
    case undefined:
      return {};
  }
};
