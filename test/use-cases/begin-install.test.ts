import { expect, it } from 'vitest';
import { fail, succeed } from '../../lib/core/result.ts';
import { createBeginInstall } from '../../lib/use-cases/begin-install.ts';
import { t0 } from '../builders.ts';

const storeDown = fail({ reason: 'store-unavailable', detail: 'TimeoutError' } as const);

function begin(answer: typeof storeDown | { ok: true; value: undefined }) {
  const saved: unknown[] = [];
  const secrets = ['secret-1', 'secret-2', 'secret-3', 'secret-4'].values();
  const beginInstall = createBeginInstall(
    {
      saveInstallState: async (...given) => {
        saved.push(given);
        return answer;
      },
      createSecret: () => secrets.next().value ?? 'none',
      now: () => t0,
    },
    { stateForMs: 600_000 },
  );
  return { saved, beginInstall };
}

it('an installation begins with two secrets, which are kept for ten minutes', async () => {
  const { saved, beginInstall } = begin({ ok: true, value: undefined });
  const begun = { state: 'secret-1', browser: 'secret-2' };
  expect(await beginInstall(t0 + 25_000)).toEqual(succeed(begun));
  expect(saved).toEqual([[begun, 1763851800000, 1763851225000]]);
});

it('each installation has secrets of its own', async () => {
  const { beginInstall } = begin({ ok: true, value: undefined });
  await beginInstall(0);
  expect(await beginInstall(0)).toEqual(succeed({ state: 'secret-3', browser: 'secret-4' }));
});

it('nobody is sent to Aircall with secrets that could not be kept', async () => {
  expect(await begin(storeDown).beginInstall(0)).toEqual(storeDown);
});
