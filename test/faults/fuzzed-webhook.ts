/**
 * The webhook as deployed, over HTTP to an embedded DynamoDB and a simulated Aircall in good health, and what is true of
 * each of its answers.
 */
import { expect } from 'vitest';
import { createContext } from '../../local/lambda.ts';
import { seedContacts, seedUsers } from '../../local/seed.ts';
import { localWebhookToken, startLocalStack } from '../../local/stack.ts';
import { expectCleanPrototypes, expectWebhookAnswer } from './answers.ts';
import { callWitness, createFindLeaks } from './canaries.ts';
import { type OddDelivery, toEvent } from './odd-deliveries.ts';

/** In time for Aircall, on a machine with other work. */
const longestMs = 4_500;

export type FuzzedWebhook = Awaited<ReturnType<typeof startFuzzedWebhook>>;

export async function startFuzzedWebhook() {
  const stack = await startLocalStack({
    acceptUnknownCalls: true,
    telephone: { requestsPerMinute: 1_000_000 },
  });
  Object.assign(process.env, stack.environment);
  const { handler } = await import('../../functions/webhook.ts');
  const witness = callWitness();
  const findLeaks = createFindLeaks({
    secrets: { 'the webhook token': localWebhookToken, 'the API key': 'local-api-token' },
    phones: seedContacts.map(({ phone }) => phone),
    people: [...seedContacts.flatMap(({ name = '' }) => name), ...seedUsers.flatMap((user) => user.email)],
  });

  return {
    resetAgents: stack.resetAgents,
    /** @returns in short what it came to */
    async deliver(delivery: OddDelivery): Promise<string> {
      witness.clear();
      const event = toEvent(delivery);
      const startedAtMs = performance.now();
      const answer = await handler(event, createContext());
      expect(performance.now() - startedAtMs).toBeLessThan(longestMs);

      const came = expectWebhookAnswer(answer, witness.written());
      expect(witness.written()).not.toMatch(/unexpected-error|UnexpectedError/);
      expect(findLeaks(`${witness.written()}\n${answer.body}`)).toEqual([]);
      return came;
    },
    /** @throws where a delivery has left something behind */
    expectUnharmed() {
      expectCleanPrototypes();
      expect(witness.unhandled).toEqual([]);
    },
    async close() {
      witness.dismiss();
      await stack.close();
    },
  };
}
