/** What a request to Aircall proves itself with. */
import { describe, expect, it, vi } from 'vitest';
import type { GiveCredentials } from '../../../lib/account-ports.ts';
import { type AircallRequest, createAircallClient } from '../../../lib/adapters/aircall/client.ts';
import { succeed } from '../../../lib/core/result.ts';
import { useListener } from './heard.ts';
import { apiKey, connectionTo, november } from './simulation.ts';

const listen = useListener();
const ping: AircallRequest = {
  method: 'GET',
  path: '/v1/ping',
  route: '/v1/ping',
  timeoutMs: 5000,
  deadlineMs: november + 60_000,
};

function clientWith(url: string, giveCredentials: GiveCredentials, now = () => november) {
  return createAircallClient(
    { ...connectionTo(url), giveCredentials },
    { now, sleep: async () => undefined },
  );
}

describe('a request', () => {
  it.each([
    {
      of: 'an API key carries it as Basic',
      given: apiKey,
      header: 'Basic YXBpLWlkLW9mLW91cnM6YXBpLXRva2VuLW9mLW91cnM=',
    },
    {
      of: 'an app carries the access token as Bearer',
      given: { kind: 'oauth', accessToken: 'access-token-of-theirs' } as const,
      header: 'Bearer access-token-of-theirs',
    },
    { of: 'nobody carries no such header', given: undefined, header: undefined },
  ])('of $of', async ({ given, header }) => {
    const { url, heard } = await listen(200, '{}');

    await clientWith(url, async () => succeed(given))(ping);

    expect(heard.map(({ headers }) => headers.authorization)).toEqual([header]);
  });

  it('asks for its credentials each time, with the time there is: they may be others by now', async () => {
    const { url, heard } = await listen(200, '{}');
    const giveCredentials = vi
      .fn<GiveCredentials>()
      .mockResolvedValueOnce(succeed({ kind: 'oauth', accessToken: 'first' }))
      .mockResolvedValueOnce(succeed({ kind: 'oauth', accessToken: 'second' }));
    const requestAircall = clientWith(url, giveCredentials);

    await requestAircall(ping);
    await requestAircall({ ...ping, deadlineMs: november + 30_000 });

    expect(heard.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
    expect(giveCredentials.mock.calls).toEqual([[1_763_851_260_000], [1_763_851_230_000]]);
  });

  it('that is sent again asks for them once', async () => {
    const { url, heard } = await listen(429);
    const giveCredentials = vi.fn<GiveCredentials>(async () => succeed(apiKey));

    await clientWith(url, giveCredentials)(ping);

    expect(heard).toHaveLength(3);
    expect(giveCredentials).toHaveBeenCalledOnce();
  });

  it('is not sent where they can’t be had, and says why', async () => {
    const { url, heard } = await listen(200, '{}');
    const failure = { reason: 'no-credentials', message: 'the seal is broken' } as const;

    expect(await clientWith(url, async () => ({ ok: false, failure }))(ping)).toEqual({ ok: false, failure });
    expect(heard).toEqual([]);
  });

  it('is not sent where having them took all the time', async () => {
    const { url, heard } = await listen(200, '{}');
    let nowMs = november;
    const giveSlowly: GiveCredentials = async () => {
      nowMs += 60_000;
      return succeed(apiKey);
    };

    expect(await clientWith(url, giveSlowly, () => nowMs)(ping)).toEqual({
      ok: false,
      failure: { reason: 'out-of-time', message: 'GET /v1/ping: no time left to ask' },
    });
    expect(heard).toEqual([]);
  });

  it.each(['line\nbreak', 'smile \u{1f642}'])(
    'shows nothing of a token that no header can carry: %j',
    async (accessToken) => {
      const { url } = await listen(200, '{}');

      const answer = await clientWith(url, async () => succeed({ kind: 'oauth', accessToken }))(ping);

      expect(answer).toMatchObject({ ok: false, failure: { message: 'GET /v1/ping: TypeError' } });
    },
  );
});
