/** `POST /aircall/calls`: a delivery from Aircall in, what it came to out. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { readBody, readInvocation, respond } from '../lib/adapters/api-gateway/http.ts';
import { composeWebhook } from '../lib/compose.ts';
import { limits } from '../lib/config.ts';

const receiveEvent = composeWebhook();

export async function handler(
  event: APIGatewayProxyEventV2,
  context: Context,
): Promise<APIGatewayProxyStructuredResultV2> {
  return respond(
    await receiveEvent(
      readBody(event),
      readInvocation(context, limits, Date.now(), event.requestContext.timeEpoch),
    ),
  );
}
