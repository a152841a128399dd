/** `GET /aircall/oauth/install`: a browser, sent to where Aircall asks whether we may be installed. */
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { json, readInvocation } from '../lib/adapters/api-gateway/http.ts';
import { sendToAircall, showStoreFailure } from '../lib/adapters/api-gateway/install-pages.ts';
import { composeBeginInstall } from '../lib/compose-install.ts';
import { limits } from '../lib/config.ts';

const app = composeBeginInstall();

export async function handler(_event: unknown, context: Context): Promise<APIGatewayProxyStructuredResultV2> {
  // Where the router is no app, nobody can install it.
  if (app === undefined) return json(404, { error: 'not found' });

  const begun = await app.beginInstall(readInvocation(context, limits.install, Date.now()).deadlineMs);
  if (!begun.ok) return showStoreFailure();

  const { state, browser } = begun.value;
  return sendToAircall(app.authorizeUrlOf(state), browser, limits.install.stateForMs);
}
