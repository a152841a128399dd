/**
 * Failures in one line for whoever sits at the terminal.
 */
import type { AircallFailure, StoreFailure } from '../lib/core/model.ts';
import { failureTexts } from '../lib/core/reason-texts.ts';

export function describeStoreFailure({ reason, detail }: StoreFailure): string {
  switch (reason) {
    case 'store-unavailable':
      return `the table could not be used: ${storeHints[detail] ?? detail}`;
    case 'item-unreadable':
      return `the item in the table is damaged, or was written by a newer version (${detail})`;
  }
}

const storeHints: Readonly<Record<string, string>> = {
  Error: 'nothing was sent; is AWS_REGION set?',
  ECONNREFUSED: 'nothing answers at its address (ECONNREFUSED)',
  ResourceNotFoundException: 'it does not exist; check TABLE_NAME and AWS_REGION',
  CredentialsProviderError: 'no AWS credentials were found',
  UnrecognizedClientException: 'AWS does not know these credentials',
  ExpiredTokenException: 'the AWS credentials have expired',
  AccessDeniedException: 'these AWS credentials may not use it',
};

export function describeAircallFailure({ reason, message }: AircallFailure): string {
  return `${failureTexts[reason]} (${message})`;
}
