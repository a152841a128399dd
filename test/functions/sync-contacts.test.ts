import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { handler as syncHandler } from '../../functions/sync-contacts.ts';
import type { handler as webhookHandler } from '../../functions/webhook.ts';
import { createContext, toApiGatewayEvent } from '../../local/lambda.ts';
import { type LocalStack, startLocalStack } from '../../local/stack.ts';
import { phone } from '../builders.ts';
import { openStore } from './store.ts';

let stack: LocalStack;
let sync: typeof syncHandler;
let webhook: typeof webhookHandler;
/** What the router answered to each event of Aircall's. */
const answers: string[] = [];

beforeAll(async () => {
  stack = await startLocalStack({
    contacts: [],
    telephone: {
      post: async (_url, body) => {
        const answer = await webhook(toApiGatewayEvent('/aircall/calls', body), createContext());
        answers.push(JSON.parse(answer.body ?? '').because);
        return { status: answer.statusCode ?? 200, text: answer.body ?? '' };
      },
    },
  });
  Object.assign(process.env, stack.environment, {
    POWERTOOLS_METRICS_DISABLED: 'true',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  });
  ({ handler: sync } = await import('../../functions/sync-contacts.ts'));
  ({ handler: webhook } = await import('../../functions/webhook.ts'));
});
afterAll(() => stack.close());
afterEach(() => vi.unstubAllEnvs());

const soon = () => Date.now() + 10_000;
/** Of the one account there is. */
const run = async (ms = 900_000) => (await sync({}, createContext(ms)))['default'];
const nameOf = async (digits: string) => {
  const found = await openStore().findContact(phone(digits), soon());
  return found.ok ? found.value?.name : undefined;
};
const none = { updated: 0, unchanged: 0, assigned: 0, unreadable: 0 };

it('brings the contacts in step, and writes nothing the second time', async () => {
  stack.aircall.putContact({ id: '700001', firstName: 'Zoë', phones: ['+442079460123'] });
  stack.aircall.putContact({ id: '700002', firstName: 'Nora' });
  const complete = { isResumed: false, isComplete: true, contacts: 2 };
  expect(await run()).toEqual({ ...complete, ...none, updated: 2 });
  expect(await run()).toEqual({ ...complete, ...none, unchanged: 2 });
  expect(await nameOf('+442079460123')).toBe('Zoë');
});

it('begins nothing that it has no time for', async () => {
  expect(await run(60_000)).toEqual({ isResumed: false, isComplete: false, contacts: 0, ...none });
});

it('throws when Aircall refuses, so that the alarm rings, without saying a secret', async () => {
  stack.aircall.failAlways('GET /v1/contacts', { kind: 'status', status: 403 });
  await expect(run()).rejects.toThrow(/^default: forbidden: GET \/v1\/contacts: 403$/);
  stack.aircall.heal();
});

it('throws when the table is away, and says so for each account it knows of', async () => {
  vi.resetModules();
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', 'http://127.0.0.1:1');
  const { handler } = await import('../../functions/sync-contacts.ts');
  await expect(handler({}, createContext(900_000))).rejects.toThrow(
    /^default: store-unavailable: ECONNREFUSED; the list of accounts: ECONNREFUSED$/,
  );
});

it('is kept in step between by events: a phone that changes, and a contact that is deleted without its phones', async () => {
  stack.addWebhook('https://example.com/aircall/calls');
  const told = async (act: () => void) => {
    const before = answers.length;
    act();
    await expect.poll(() => answers.length).toBe(before + 1);
    return answers.at(-1);
  };
  const later = Math.floor(Date.now() / 1000) + 30;
  const renamed = { id: '700001', firstName: 'Zoe', phones: ['+442079460124'], updatedAtSeconds: later };
  expect(await told(() => stack.aircall.putContact(renamed))).toBe('contact-updated');
  expect(await nameOf('+442079460123')).toBeUndefined();
  expect(await nameOf('+442079460124')).toBe('Zoe');

  expect(await told(() => stack.aircall.removeContact('700001'))).toBe('contact-deleted');
  expect(await nameOf('+442079460124')).toBeUndefined();
  expect(await told(() => stack.aircall.putContact({ id: '700003', firstName: 'Paul' }))).toBe(
    'contact-updated',
  );
});
