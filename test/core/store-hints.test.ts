import { expect, it } from 'vitest';
import { findStoreHint } from '../../lib/core/store-hints.ts';

it.each([
  ['region-missing', 'no AWS region is known', 'set AWS_REGION'],
  [
    'ECONNREFUSED',
    'nothing answers at its address',
    'check the network, and AWS_ENDPOINT_URL_DYNAMODB where it is set',
  ],
  ['ResourceNotFoundException', 'it does not exist', 'check TABLE_NAME and AWS_REGION, or deploy the stage'],
  [
    'CredentialsProviderError',
    'no AWS credentials were found',
    'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  ],
  ['UnrecognizedClientException', 'AWS does not know these credentials', 'check the AWS credentials'],
  ['ExpiredTokenException', 'the AWS credentials have expired', 'sign in to AWS again, or set new ones'],
  [
    'AccessDeniedException',
    'these AWS credentials may not use it',
    "use credentials of the table's account that may read and write it",
  ],
])('%s: %s; %s', (detail, text, remedy) => {
  expect(findStoreHint(detail)).toEqual({ text, remedy });
});

it('of any other failure nothing is guessed', () => {
  expect(findStoreHint('TimeoutError')).toBeUndefined();
  expect(findStoreHint('constructor')).toBeUndefined();
});
