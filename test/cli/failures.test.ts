import { expect, it, vi } from 'vitest';
import { describeInstallFailure, describeRenewFailure, describeStoreFailure } from '../../cli/failures.ts';
import type { AccountId } from '../../lib/core/model.ts';
import type { InstallFailure } from '../../lib/use-cases/install-account.ts';
import { runCommand } from './command.ts';

it.each([
  ['region-missing', 'no AWS region is known (region-missing): set AWS_REGION'],
  [
    'CredentialsProviderError',
    'no AWS credentials were found (CredentialsProviderError): set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  ],
  ['Error', 'Error'],
  ['TimeoutError', 'TimeoutError'],
])('a table that could not be used for %s', (detail, cause) => {
  expect(describeStoreFailure({ reason: 'store-unavailable', detail })).toBe(
    `the table could not be used: ${cause}`,
  );
});

it('names the region where the SDK misses it', async () => {
  vi.stubEnv('AWS_REGION', undefined);
  vi.stubEnv('AWS_PROFILE', undefined);
  vi.stubEnv('AWS_CONFIG_FILE', '/nowhere');
  const { stderr } = await runCommand(['contacts', 'get', '+12025550101'], { TABLE_NAME: 'calls' });
  vi.unstubAllEnvs();
  expect(stderr).toBe(
    'error: the table could not be used: no AWS region is known (region-missing): set AWS_REGION\n',
  );
});

it.each<[InstallFailure['failure'], string]>([
  [
    { reason: 'forbidden', message: 'GET /v1/webhooks: 403', while: 'listing' },
    'Aircall did not accept our credentials (GET /v1/webhooks: 403)',
  ],
  [
    { reason: 'refused', message: 'POST /v1/webhooks: 422', while: 'creating' },
    'Aircall refused (POST /v1/webhooks: 422)',
  ],
  [
    { reason: 'no-answer', message: 'POST /v1/webhooks: timeout', while: 'creating' },
    'no answer came in time: it may still have been carried out (POST /v1/webhooks: timeout); run this again: a webhook that was created is found then',
  ],
  [
    { reason: 'no-answer', message: 'PUT /v1/webhooks/:id: timeout', while: 'activating' },
    'no answer came in time: it may still have been carried out (PUT /v1/webhooks/:id: timeout); run this again to complete it',
  ],
  [
    { reason: 'store-unavailable', detail: 'TimeoutError' },
    'the table could not be used: TimeoutError; run this again to complete it',
  ],
  [
    { reason: 'changed-meanwhile' },
    'someone else has changed the account meanwhile; run this again to complete it',
  ],
  [
    { reason: 'company-has-account', accountId: 'lantern' as AccountId },
    'the company is served already, as account lantern; nothing was changed',
  ],
])('a webhook that could not be renewed is told with what completes it: %o', (failure, text) => {
  expect(describeRenewFailure(failure)).toBe(text);
});

it('an account that is being deleted is told with how long that takes', () => {
  expect(describeInstallFailure({ reason: 'being-deleted' })).toBe(
    'what is left of an earlier account of this name is just being deleted: try again in a quarter of an hour',
  );
});

it('credentials that could not be sealed are told by their reason, not by what they are', () => {
  expect(describeInstallFailure({ reason: 'seal-unavailable', detail: 'KMS: AccessDeniedException' })).toBe(
    'the credentials could not be sealed (KMS: AccessDeniedException)',
  );
});
