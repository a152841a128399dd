/** The call flow's question and the way back from an installation, by thousands who should not have come so. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createContext, toApiGatewayEvent } from '../../local/lambda.ts';
import { localClientSecret, localRingToSecret } from '../../local/stack.ts';
import { callbackUrl, type Installation, startInstallation } from '../functions/installation.ts';
import { expectCleanPrototypes, expectRingToAnswer } from './answers.ts';
import { callWitness, createFindLeaks, type Witness } from './canaries.ts';
import { mutate, mutationOf } from './mutated-json.ts';
import { oddNames, oddValues } from './odd-values.ts';

const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_125);

let installation: Installation;
let witness: Witness;
let ringTo: typeof import('../../functions/ring-to.ts').handler;
beforeAll(async () => {
  installation = await startInstallation();
  ({ handler: ringTo } = await import('../../functions/ring-to.ts'));
  witness = callWitness();
});
afterAll(async () => {
  witness.dismiss();
  await installation.close();
});
beforeEach(() => witness.clear());

function expectUnharmed(): void {
  expectCleanPrototypes();
  expect(witness.unhandled).toEqual([]);
}

const headers = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ authorization: `Bearer ${localRingToSecret}` }) },
  fc.record({
    authorization: fc.constantFrom(
      '',
      'Bearer',
      `Bearer${' '.repeat(9_000)}`,
      `bearer ${'x'.repeat(9_000)}`,
      `Basic ${localRingToSecret}`,
      `Bearer ${localRingToSecret}, ${localRingToSecret}`,
      '\ud800',
    ),
  }),
  fc.constant({}),
);

const mutations = fc.array(mutationOf(['call_id', 'caller_number', 'target_number']), { maxLength: 2 });

it('3,000 questions of the call flow', async () => {
  const findLeaks = createFindLeaks({
    secrets: { 'the secret of the call flow': localRingToSecret },
    phones: ['+442079460123'],
    people: ['Zoë Martin', 'jane@example.com'],
  });
  const came = new Set<string>();
  let calls = 815_000_000;
  await fc.assert(
    fc.asyncProperty(
      mutations,
      headers,
      fc.constantFrom(false, false, false, true),
      async (odd, given, isBase64) => {
        if (calls % 100 === 0) await installation.stack.resetAgents();
        calls += 1;
        witness.clear();
        const question = { call_id: calls, caller_number: '+442079460123', target_number: '+33199001234' };
        const event = toApiGatewayEvent('/aircall/ring-to', mutate(question, odd), isBase64);
        const answer = await ringTo({ ...event, headers: given }, createContext(3000));

        came.add(expectRingToAnswer(answer));
        expect(witness.written()).not.toContain('unexpected-error');
        expect(findLeaks(`${witness.written()}\n${answer.body}`)).toEqual([]);
      },
    ),
    { numRuns: 3_000, seed },
  );
  expectUnharmed();
  expect([...came].toSorted()).toEqual(['200 {"data":{"user_id":456}}', '200 {}', '400', '401', '413']);
}, 120_000);

/** As API Gateway takes a query or a cookie apart: any text, and the same key several times with commas. */
const word = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    ',',
    'undefined',
    '__proto__',
    '<script>alert(1)</script>',
    '\u0000',
    '\ud800',
    '%00',
  ),
  fc.constantFrom(...oddNames).map((name) => oddValues[name].slice(0, 9_000)),
  fc.string({ unit: 'binary', maxLength: 100 }),
);

it('2,000 browsers that come back without having gone', async () => {
  const begun = await installation.begin();
  const state = begun.searchParams.get('state') ?? '';
  const cookie = installation.cookie();
  const canary = randomBytes(24).toString('base64url');
  const findLeaks = createFindLeaks({
    secrets: { 'the state': state, 'the cookie': cookie, 'the code': canary, 'the app': localClientSecret },
    phones: [],
    people: ['<script>'],
  });
  const query = fc.record(
    {
      code: fc.oneof(word, fc.constant(canary)),
      state: fc.oneof(word, fc.constant(state)),
      error: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, word),
      ['__proto__']: word,
    },
    { requiredKeys: [] },
  );
  const cookies = fc.array(
    word.map((value) => `__Host-call-router-install=${value}`),
    { maxLength: 3 },
  );
  const { handler } = await import('../../functions/oauth-callback.ts');
  installation.stack.aircall.requests.length = 0;
  const titles = new Set<string | undefined>();

  await fc.assert(
    fc.asyncProperty(query, fc.option(cookies, { nil: undefined }), async (given, brought) => {
      witness.clear();
      const queryStringParameters = Object.fromEntries(
        Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined),
      );
      const event = toApiGatewayEvent('/aircall/oauth/callback', '');
      const answer = await handler(
        { ...event, queryStringParameters, ...(brought && { cookies: brought }) },
        createContext(29_000),
      );

      expect(answer.statusCode).toBe(400);
      titles.add(/<h1>(.*)<\/h1>/.exec(answer.body ?? '')?.[1]);
      expect(findLeaks(`${witness.written()}\n${answer.body}`)).toEqual([]);
      expect(witness.written()).not.toContain('trouble');
    }),
    { numRuns: 2_000, seed },
  );
  expectUnharmed();
  expect([...titles].toSorted()).toEqual([
    'Aircall sent no code',
    'The installation was declined',
    'This browser did not begin the installation',
    'This installation was not begun here',
  ]);
  // Nobody was asked for anything.
  expect(installation.stack.aircall.requests).toEqual([]);
}, 120_000);

it('an installation in which each step fails in turn says nothing of its code, state, cookie, token and secret', async () => {
  const routes = [
    'POST /v1/oauth/token',
    'GET /v1/integrations/me',
    'GET /v1/company',
    'GET /v1/webhooks',
    'POST /v1/webhooks',
    'POST /v1/integrations/enable',
  ];
  const faults = [
    { kind: 'garbage' },
    { kind: 'wrong-types' },
    { kind: 'truncated' },
    { kind: 'huge' },
    { kind: 'reset-after-work' },
    { kind: 'status', status: 400, body: { error: `Bearer ${localClientSecret}` } },
  ] as const;
  for (const route of routes) {
    for (const fault of faults) {
      witness.clear();
      const state = (await installation.begin()).searchParams.get('state') ?? '';
      const code = installation.stack.aircall.authorize(90_210, callbackUrl);
      installation.stack.aircall.failNext(route, fault);
      const shown = await installation.finish({ code, state });
      installation.stack.aircall.heal();

      expect([302, 424]).toContain(shown.status);
      const tokens = installation.stack.aircall
        .company(90_210)
        .webhooks()
        .map(({ token }) => token);
      const secrets = { code, state, cookie: installation.cookie(), secret: localClientSecret };
      const findLeaks = createFindLeaks({ secrets, phones: [], people: ['Bearer', ...tokens] });
      expect(findLeaks(witness.written() + JSON.stringify(shown))).toEqual([]);
      // Whatever is as long as a secret.
      expect(witness.written()).not.toMatch(/(?<![\w-])[\w-]{43}(?![\w-])/);
    }
  }
  expectUnharmed();
}, 60_000);
