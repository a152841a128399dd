/**
 * Our router: the handler as Lambda loads it, in a container of its own.
 */
import { startContainer } from '../../local/deliver.ts';
import { createContext, toApiGatewayEvent } from '../../local/lambda.ts';
import type { Peer, PeerEnvironment } from './peer.ts';

export async function startRouter(environment: PeerEnvironment): Promise<Peer> {
  Object.assign(process.env, environment, {
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  });
  const { handler } = await startContainer('webhook');

  return {
    name: 'router',
    async deliver(body) {
      const answer = await handler(toApiGatewayEvent('/aircall/calls', body), createContext());
      return { status: answer.statusCode ?? 200, body: answer.body ?? '' };
    },
  };
}
