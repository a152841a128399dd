/**
 * `POST /aircall/ring-to`: the call flow's question in, who should ring out. Every 5 minutes it is woken for nothing: a
 * cold start takes half of the second in which a caller is to have an answer.
 */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { json, readBody, readInvocation, refuse } from '../lib/adapters/api-gateway/http.ts';
import { composeRingTo } from '../lib/compose.ts';
import { limits } from '../lib/config.ts';

type WakeUp = { readonly wakeUp: true };

const answerRingTo = composeRingTo();

export async function handler(
  event: APIGatewayProxyEventV2 | WakeUp,
  context: Context,
): Promise<APIGatewayProxyStructuredResultV2> {
  if ('wakeUp' in event) return json(200, {});
  // Without a secret this door is closed.
  if (answerRingTo === undefined) return json(404, { error: 'not found' });

  const body = readBody(event);
  const { authorization } = event.headers;
  const answer = await answerRingTo(
    body.ok ? { ok: true, value: { authorization, body: body.value } } : body,
    readInvocation(context, limits.ringTo, Date.now(), event.requestContext.timeEpoch),
  );
  return answer.ok ? json(200, answer.value) : refuse(answer.failure);
}
