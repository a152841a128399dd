import { expect, it, vi } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };

it('says that the server runs, with service, stage and version', async () => {
  vi.stubEnv('STAGE', 'prod');
  const { handler } = await import('../../functions/health.ts');
  expect(await handler()).toEqual({
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: `{"message":"Server is running","service":"call-router","stage":"prod","version":"${packageJson.version}"}`,
  });
});
