/**
 * Deliveries that are nearly right: the samples of `events/`, as if sent now, with a value or more that nobody should send.
 */

import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import fc from 'fast-check';
import { toApiGatewayEvent } from '../../local/lambda.ts';
import { readSampleEvents, stampBody } from '../../local/sample-events.ts';
import { localWebhookToken } from '../../local/stack.ts';
import { type Mutation, mutate, mutationOf } from './mutated-json.ts';
import { oddNames, oddValues } from './odd-values.ts';

const integrationDeleted = {
  file: 'integration.deleted',
  body: JSON.stringify({
    resource: 'integration',
    event: 'integration.deleted',
    timestamp: 1763851200,
    data: { integration_id: 42, company_id: 90_001 },
  }),
  entry: { says: 'A company uninstalls us.', expect: [] },
};

/** Those of which a field or more may be mutated. */
export const samples = [
  ...readSampleEvents().filter(({ entry }) => entry.stamp !== false),
  integrationDeleted,
] as const;

/** All that is read of a delivery. */
export const keysWeRead = [
  ...[
    'token',
    'resource',
    'event',
    'timestamp',
    'data',
    'id',
    'direction',
    'status',
    'started_at',
    'answered_at',
  ],
  ...[
    'ended_at',
    'raw_digits',
    'number',
    'digits',
    'e164_digits',
    'user',
    'email',
    'transferred_to',
    'first_name',
  ],
  ...['last_name', 'company_name', 'information', 'created_at', 'updated_at', 'phone_numbers', 'value'],
] as const;

export type OddDelivery = {
  readonly file: string;
  readonly mutations: readonly Mutation[];
  readonly token: 'right' | 'wrong' | 'missing';
  readonly wrapping:
    | 'plain'
    | 'base64'
    | 'said to be base64'
    | 'base64 unsaid'
    | 'cut off'
    | 'odd as a whole';
};

export const oddDelivery: fc.Arbitrary<OddDelivery> = fc.record({
  file: fc.constantFrom(...samples.map(({ file }) => file)),
  mutations: fc.array(mutationOf(keysWeRead), { minLength: 1, maxLength: 3 }),
  token: weighted('right', 8, 'wrong', 'missing'),
  wrapping: weighted(
    'plain',
    20,
    'base64',
    'said to be base64',
    'base64 unsaid',
    'cut off',
    'odd as a whole',
  ),
});

function weighted<Usual extends string, Rare extends string>(usual: Usual, weight: number, ...rare: Rare[]) {
  return fc.oneof({ weight, arbitrary: fc.constant(usual) }, fc.constantFrom(...rare));
}

let ids = 816_000_000;

/** As API Gateway hands it on. */
export function toEvent({ file, mutations, token, wrapping }: OddDelivery): APIGatewayProxyEventV2 {
  const sample = samples.find((one) => one.file === file) ?? integrationDeleted;
  const event = JSON.parse(stampBody(sample, localWebhookToken, Date.now()));
  if (token === 'wrong') event.token = 'f'.repeat(32);
  if (token === 'missing') delete event.token;
  // Each is of its own call or contact: what was told before is no news. In turn, for a random one may hold a number.
  if (event.resource !== 'user' && event.data?.id !== undefined) Object.assign(event.data, { id: ++ids });

  const body = mutate(event, mutations);
  switch (wrapping) {
    case 'plain':
      return toApiGatewayEvent(path, body);
    case 'base64':
      return toApiGatewayEvent(path, Buffer.from(body).toString('base64'), true);
    case 'said to be base64':
      return toApiGatewayEvent(path, body, true);
    case 'base64 unsaid':
      return toApiGatewayEvent(path, Buffer.from(body).toString('base64'));
    case 'cut off':
      return toApiGatewayEvent(path, body.slice(0, body.length / 2));
    case 'odd as a whole':
      return toApiGatewayEvent(path, oddValues[mutations[0]?.by ?? oddNames[0] ?? 'null']);
  }
}

const path = '/aircall/calls';
