import { describe, expect, it } from 'vitest';
import type { InstallState } from '../../lib/account-ports.ts';
import type { AircallCredentials } from '../../lib/core/account.ts';
import type { AircallResult, StoreResult } from '../../lib/core/model.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import { type ComingBack, createFinishInstall } from '../../lib/use-cases/finish-install.ts';
import { acmeAccount } from '../acme.ts';
import { createFaults, type Fault, type Faults, faultsOf } from '../fakes/faults.ts';
import {
  aircallDown,
  companyAccountId,
  createInstallWorld,
  type InstallWorld,
  storeDown,
  webhookUrl,
} from './install-world.ts';

const back: ComingBack = { code: 'secret-code', state: 'secret-state', browser: 'secret-browser' };
type Used = StoreResult<'begun' | 'foreign' | 'used' | 'old'>;

/** A browser that comes back: with a state that was begun, unless the test says otherwise. */
function finish(
  world: InstallWorld,
  brought: ComingBack = back,
  {
    faults = createFaults(undefined),
    used = succeed('begun') as Used,
    exchanged = succeed('secret-access-token') as AircallResult<string>,
  } = {},
) {
  const opened: AircallCredentials[] = [];
  const states: InstallState[] = [];
  const codes: string[] = [];
  const finishInstall = createFinishInstall(
    {
      useInstallState: faults.wrap(
        'use state',
        async (state: InstallState): Promise<Used> => {
          states.push(state);
          return used;
        },
        storeDown,
      ),
      exchangeCode: faults.wrap(
        'exchange',
        async (code: string) => {
          codes.push(code);
          return exchanged;
        },
        aircallDown,
      ),
      openAircall: (credentials) => {
        opened.push(credentials);
        return world.aircallWith(faults);
      },
      installAccount: world.installAccountWith(faults),
      warn: (...given) => world.warnings.push(given),
    },
    webhookUrl,
  );
  return { states, codes, opened, finished: finishInstall(brought, world.clock.now() + 25_000) };
}

describe('a browser that comes back with what it began with', () => {
  it('ends the installation, with what Aircall gave for the code', async () => {
    const world = await createInstallWorld();
    const { finished, states, codes, opened } = finish(world);
    expect(await finished).toMatchObject({
      value: { isNew: true, account: { accountId: '90210', companyId: '90210', webhookId: 'made-1' } },
    });
    expect(states).toEqual([{ state: 'secret-state', browser: 'secret-browser' }]);
    expect(codes).toEqual(['secret-code']);
    const credentials = { kind: 'oauth', accessToken: 'secret-access-token' };
    expect(opened).toEqual([credentials]);
    expect(await world.openCredentials(companyAccountId, 'seal 1', 0)).toEqual(succeed(credentials));
    expect(world.register.at(webhookUrl)).toHaveLength(1);
  });

  it('asks Aircall for nothing before it is certain that it began here', async () => {
    const faults = createFaults(undefined);
    await finish(await createInstallWorld(), back, { faults }).finished;
    expect(faults.calls.slice(0, 3)).toEqual(['use state', 'exchange', 'company']);
  });
});

describe('a browser that is refused', () => {
  const { code, state, browser } = back;
  const refusals: readonly [string, ComingBack, Used, unknown, readonly string[]][] = [
    ['the person declined', { ...back, error: 'access_denied' }, succeed('begun'), 'declined', []],
    ['they declined, without a word', { ...back, error: '' }, succeed('begun'), 'declined', []],
    ['there is no code', { state, browser }, succeed('begun'), 'no-code', []],
    ['the code is empty', { ...back, code: '' }, succeed('begun'), 'no-code', []],
    ['there is no state', { code, browser }, succeed('begun'), 'no-state', []],
    ['the state is empty', { ...back, state: '' }, succeed('begun'), 'no-state', []],
    ['it brought nothing', {}, succeed('begun'), 'no-code', []],
    ['it is another one than began', { code, state }, succeed('begun'), 'foreign', []],
    ['its secret is another one’s', back, succeed('foreign'), 'foreign', ['use state']],
    ['it was here before', back, succeed('used'), 'used', ['use state']],
    ['it took too long', back, succeed('old'), 'old', ['use state']],
  ];
  it.each(refusals)('because %s asks Aircall for nothing', async (_, brought, used, reason, calls) => {
    const world = await createInstallWorld();
    const faults = createFaults(undefined);
    const { finished, opened } = finish(world, brought, { faults, used });
    expect(await finished).toEqual(fail({ reason }));
    expect(faults.calls).toEqual(calls);
    expect([opened, [...world.store.accounts], world.register.all()]).toEqual([[], [], []]);
  });

  it('because the store can not tell asks Aircall for nothing either', async () => {
    const world = await createInstallWorld();
    const faults = createFaults(undefined);
    const { finished, opened } = finish(world, back, { faults, used: storeDown });
    expect(await finished).toEqual(fail({ reason: 'store-failed', failure: storeDown.failure }));
    expect([faults.calls, opened]).toEqual([['use state'], []]);
  });
});

describe('an installation that fails', () => {
  it('at the exchange of the code leaves nothing, and is told of', async () => {
    const world = await createInstallWorld();
    const { finished, opened } = finish(world, back, { faults: createFaults({ call: 2, when: 'before' }) });
    expect(await finished).toEqual(fail({ reason: 'not-exchanged', failure: aircallDown.failure }));
    expect(world.warnings).toEqual([
      ['install-failed', { step: 'exchanging the code', detail: 'no answer' }],
    ]);
    expect([opened, [...world.store.accounts]]).toEqual([[], []]);
  });

  it('because Aircall refuses the code rings no alarm: anyone can make one up', async () => {
    const world = await createInstallWorld();
    const refused = fail({ reason: 'refused', message: 'POST /v1/oauth/token: 400' } as const);
    expect(await finish(world, back, { exchanged: refused }).finished).toEqual(
      fail({ reason: 'not-exchanged', failure: refused.failure }),
    );
    expect(world.warnings).toEqual([
      ['install-refused', { step: 'exchanging the code', detail: 'POST /v1/oauth/token: 400' }],
    ]);
  });

  it('at a later step is told of with that', async () => {
    const world = await createInstallWorld();
    const { finished } = finish(world, back, { faults: createFaults({ call: 3, when: 'before' }) });
    expect(await finished).toEqual(
      fail({ reason: 'not-installed', failure: { step: 'company', failure: aircallDown.failure } }),
    );
    expect(world.warnings).toEqual([['install-failed', { step: 'company', detail: 'no answer' }]]);
  });

  it('in the store or the sealing says why', async () => {
    const details: unknown[] = [];
    for (const call of [4, 5]) {
      const world = await createInstallWorld();
      await finish(world, back, { faults: createFaults({ call, when: 'before' }) }).finished;
      details.push(...world.warnings);
    }
    expect(details).toEqual([
      ['install-failed', { step: 'account', detail: 'store-unavailable: TimeoutError' }],
      ['install-failed', { step: 'sealing', detail: 'seal-unavailable: KMS: TimeoutError' }],
    ]);
  });

  it('because someone else saved the account meanwhile says so', async () => {
    const world = await createInstallWorld();
    const saveAccount = async () => succeed('changed-meanwhile' as const);
    Object.assign(world.store, { saveAccount });
    expect(await finish(world).finished).toMatchObject({ ok: false, failure: { reason: 'not-installed' } });
    expect(world.warnings).toEqual([['install-failed', { step: 'webhook', detail: 'changed-meanwhile' }]]);
  });

  it('because the company is served already is told to the person, and rings no alarm', async () => {
    const world = await createInstallWorld(acmeAccount());
    expect(await finish(world).finished).toMatchObject({
      failure: {
        reason: 'not-installed',
        failure: { step: 'webhook', failure: { reason: 'company-has-account', accountId: 'acme' } },
      },
    });
    expect(world.warnings).toEqual([]);
  });
});

it('earlier webhooks that could not be deleted are told of: each call is announced once more', async () => {
  const installed = acmeAccount({ accountId: companyAccountId, companyId: '90210', webhookId: 'old' });
  const calm = createFaults(undefined);
  await finish(await createInstallWorld(installed), back, { faults: calm }).finished;
  const world = await createInstallWorld(installed);
  const faults = createFaults({ call: calm.calls.indexOf('delete') + 1, when: 'before' });
  expect(await finish(world, back, { faults }).finished).toMatchObject({ value: { leftOver: ['old'] } });
  expect(world.warnings).toEqual([['webhook-left-over', { accountId: '90210', count: 1 }]]);
});

describe('whatever step fails', () => {
  async function live(fault: Fault | undefined) {
    const world = await createInstallWorld();
    const faults: Faults = createFaults(fault);
    const { finished } = finish(world, back, { faults });
    return { world, finished: await finished, calls: faults.calls.length };
  }

  it('before its work or after it, another browser session completes it', async () => {
    const { calls } = await live(undefined);
    for (const fault of faultsOf(calls)) {
      const { world } = await live(fault);
      expect(await finish(world).finished).toMatchObject({ ok: true });
      const stored = world.store.accounts.get(companyAccountId);
      const webhooks = world.register.at(webhookUrl);
      expect(webhooks.map(({ webhookId }) => webhookId)).toEqual([stored?.webhookId]);
      expect(webhooks.map(({ token }) => world.store.isAccepted(token))).toEqual([true]);
      expect([...world.store.accounts.keys()]).toEqual(['90210']);
    }
  });

  it('nothing that is told of it holds a secret', async () => {
    const { calls } = await live(undefined);
    for (const fault of faultsOf(calls)) {
      const { world, finished } = await live(fault);
      const told = JSON.stringify([world.warnings, finished.ok ? [] : finished.failure]);
      expect(told).not.toMatch(/secret|token-of/);
    }
  });
});
