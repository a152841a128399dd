import { expect, it, vi } from 'vitest';
import { describeStoreFailure } from '../../cli/failures.ts';
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
