/** `GET /aircall/oauth/callback`: the browser, back from Aircall. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { json, readInvocation } from '../lib/adapters/api-gateway/http.ts';
import { readComingBack, sendToEnd, showFailure } from '../lib/adapters/api-gateway/install-pages.ts';
import { composeFinishInstall } from '../lib/compose-install.ts';
import { limits } from '../lib/config.ts';

const app = composeFinishInstall();

export async function handler(
  event: APIGatewayProxyEventV2,
  context: Context,
): Promise<APIGatewayProxyStructuredResultV2> {
  if (app === undefined) return json(404, { error: 'not found' });

  const { deadlineMs } = readInvocation(context, limits.install, Date.now());
  const finished = await app.finishInstall(readComingBack(event), deadlineMs);
  return finished.ok ? sendToEnd(app.successUrl) : showFailure(finished.failure);
}
