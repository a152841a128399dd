/**
 * A browser, a Lambda that takes invocations, and the deployed handlers of an installation, over HTTP to an embedded DynamoDB and
 * a simulated Aircall with two companies.
 */
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { vi } from 'vitest';
import { createContext, toApiGatewayEvent } from '../../local/lambda.ts';
import { secondCompany } from '../../local/seed.ts';
import type { SimulatedAircallOptions } from '../../local/simulated-aircall.ts';
import { startLocalStack } from '../../local/stack.ts';

export const publicUrl = 'https://router.example.com';
export const deliveryUrl = `${publicUrl}/aircall/calls`;
export const callbackUrl = `${publicUrl}/aircall/oauth/callback`;
export const company = secondCompany.id;

/** What is shown to whoever sits before the browser. */
export type Shown = { readonly status: number; readonly location?: string; readonly title?: string };

type Post = NonNullable<SimulatedAircallOptions['post']>;

export type Installation = Awaited<ReturnType<typeof startInstallation>>;

/** @param post brings Aircall's deliveries to us; without it, they are taken, and nobody hears of them */
export async function startInstallation(post: Post = async () => ({ status: 200, text: '{}' })) {
  const folder = mkdtempSync(join(tmpdir(), 'installation-'));
  const lambda = await startLambda();
  const stack = await startLocalStack({
    sealingKeyFile: join(folder, 'sealing.key'),
    // More than a minute of Aircall's, all at once.
    telephone: { requestsPerMinute: 10_000, post },
  });
  Object.assign(process.env, stack.environment, {
    PUBLIC_URL: publicUrl,
    AWS_ENDPOINT_URL_LAMBDA: lambda.url,
    REFRESH_AGENTS_FUNCTION: 'refresh-agents',
    SYNC_CONTACTS_FUNCTION: 'sync-contacts',
    POWERTOOLS_METRICS_DISABLED: 'true',
  });
  let { handler: begin } = await import('../../functions/oauth-install.ts');
  let { handler: finish } = await import('../../functions/oauth-callback.ts');

  let cookie: string | undefined;

  function keep(answer: APIGatewayProxyStructuredResultV2): Shown {
    for (const text of answer.cookies ?? []) cookie = text.split(';')[0];
    const location = answer.headers?.['location'];
    const title = /<h1>(.*)<\/h1>/.exec(answer.body ?? '')?.[1];
    return {
      status: answer.statusCode ?? 200,
      ...(location !== undefined && { location: String(location) }),
      ...(title !== undefined && { title }),
    };
  }

  return {
    stack,
    invocations: lambda.invocations,
    /** Has the handlers read their environment again. */
    async deploy(): Promise<void> {
      vi.resetModules();
      ({ handler: begin } = await import('../../functions/oauth-install.ts'));
      ({ handler: finish } = await import('../../functions/oauth-callback.ts'));
    },
    /** What the link to install us gives. */
    async openLink(): Promise<Shown> {
      return keep(await begin({}, createContext(5000)));
    },
    /** Follows the link to install us. @returns where Aircall asks */
    async begin(): Promise<URL> {
      const { location = '' } = await this.openLink();
      return new URL(location);
    },
    /** Comes back from Aircall. */
    async finish(query: Record<string, string>, cookies = cookie === undefined ? [] : [cookie]) {
      const event = {
        ...toApiGatewayEvent('/aircall/oauth/callback', ''),
        queryStringParameters: query,
        cookies: [...cookies],
      };
      return keep(await finish(event, createContext(29_000)));
    },
    /** The whole way, with a click on "Authorize". */
    async install(companyId = company): Promise<Shown> {
      const asked = await this.begin();
      const code = stack.aircall.authorize(companyId, callbackUrl);
      return this.finish({ code, state: asked.searchParams.get('state') ?? '' });
    },
    cookie: () => cookie ?? '',
    async close() {
      await Promise.all([stack.close(), lambda.close()]);
    },
  };
}

/** Takes every asynchronous invocation, and runs nothing. */
async function startLambda() {
  const invocations: { name: string; payload: unknown }[] = [];
  const server = createServer(async (request, response) => {
    const [, name = ''] = /\/functions\/([^/]+)\/invocations/.exec(request.url ?? '') ?? [];
    invocations.push({ name, payload: JSON.parse(await text(request)) });
    response.writeHead(202).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    invocations,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
