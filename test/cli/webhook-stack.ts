/** A simulated Aircall and an empty table, with what the webhook's commands need to use them. */
import { createFindTokenOwner } from '../../lib/adapters/dynamodb/webhook-tokens.ts';
import { type EmbeddedDynamodb, startEmbeddedDynamodb } from '../../local/embedded-dynamodb.ts';
import {
  type SimulatedAircall,
  type SimulatedWebhook,
  startSimulatedAircall,
} from '../../local/simulated-aircall.ts';
import { openStore } from './store.ts';

export const url = 'https://router.example.com/aircall/calls';

export type WebhookStack = {
  readonly aircall: SimulatedAircall;
  readonly dynamodb: EmbeddedDynamodb;
  readonly environment: Readonly<Record<string, string>>;
  /** A webhook of someone's, made at Aircall: all events, unless they are given. */
  readonly create: (body: object) => Promise<SimulatedWebhook>;
  /** @throws where there are none or several */
  readonly only: () => SimulatedWebhook;
  /** Whose deliveries the router takes those with a token for. */
  readonly ownerOf: (token: string) => Promise<string | undefined>;
  readonly close: () => Promise<void>;
};

export async function startWebhookStack(): Promise<WebhookStack> {
  const [aircall, dynamodb] = await Promise.all([
    startSimulatedAircall({ apiId: 'id', apiToken: 'secret' }),
    startEmbeddedDynamodb(),
  ]);
  const store = openStore(dynamodb);

  return {
    aircall,
    dynamodb,
    environment: {
      ...dynamodb.environment,
      AIRCALL_API_URL: aircall.url,
      AIRCALL_API_ID: 'id',
      AIRCALL_API_TOKEN: 'secret',
    },
    create: async (body) => {
      await fetch(`${aircall.url}/v1/webhooks`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from('id:secret').toString('base64')}` },
        body: JSON.stringify(body),
      });
      const made = aircall.webhooks().at(-1);
      if (made === undefined) throw new Error('no webhook was created');
      return made;
    },
    only: () => {
      const [first, ...others] = aircall.webhooks();
      if (first === undefined || others.length > 0) throw new Error('there should be one webhook');
      return first;
    },
    ownerOf: async (token) => {
      const owner = await createFindTokenOwner(store)(token, Date.now() + 10_000);
      if (!owner.ok) throw new Error(owner.failure.detail);
      return owner.value?.accountId;
    },
    close: async () => {
      store.client.destroy();
      await Promise.all([aircall.close(), dynamodb.close()]);
    },
  };
}
