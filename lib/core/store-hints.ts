/**
 * What the store's commonest failures mean, by the detail they come with, and what to do about them.
 */
export type StoreHint = { readonly text: string; readonly remedy: string };

export function findStoreHint(detail: string): StoreHint | undefined {
  return hints.get(detail);
}

const hints = new Map<string, StoreHint>([
  ['region-missing', { text: 'no AWS region is known', remedy: 'set AWS_REGION' }],
  [
    'ECONNREFUSED',
    {
      text: 'nothing answers at its address',
      remedy: 'check the network, and AWS_ENDPOINT_URL_DYNAMODB where it is set',
    },
  ],
  [
    'ResourceNotFoundException',
    { text: 'it does not exist', remedy: 'check TABLE_NAME and AWS_REGION, or deploy the stage' },
  ],
  [
    'CredentialsProviderError',
    {
      text: 'no AWS credentials were found',
      remedy: 'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    },
  ],
  [
    'UnrecognizedClientException',
    { text: 'AWS does not know these credentials', remedy: 'check the AWS credentials' },
  ],
  [
    'ExpiredTokenException',
    { text: 'the AWS credentials have expired', remedy: 'sign in to AWS again, or set new ones' },
  ],
  [
    'AccessDeniedException',
    {
      text: 'these AWS credentials may not use it',
      remedy: "use credentials of the table's account that may read and write it",
    },
  ],
]);
