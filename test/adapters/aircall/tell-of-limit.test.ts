import { expect, it } from 'vitest';
import type { AircallRequest, RequestAircall } from '../../../lib/adapters/aircall/client.ts';
import { tellOfLimit } from '../../../lib/adapters/aircall/tell-of-limit.ts';
import type { AircallFailure } from '../../../lib/core/model.ts';
import { fail, succeed } from '../../../lib/core/result.ts';

const request: AircallRequest = { method: 'GET', path: '/v1/x', route: '/v1/x', timeoutMs: 1, deadlineMs: 2 };
const told = async (answer: Awaited<ReturnType<RequestAircall>>) => {
  let times = 0;
  const requestAndTell = tellOfLimit(
    async (given) => (given === request ? answer : succeed('another request')),
    () => {
      times += 1;
    },
  );
  return [await requestAndTell(request), times];
};
const failed = (reason: AircallFailure['reason']) => fail({ reason, message: 'said so' });

it('tells of a 429, and hands it on', async () => {
  expect(await told(failed('rate-limited'))).toEqual([failed('rate-limited'), 1]);
});

it.each([succeed({ ping: 'pong' }), failed('forbidden'), failed('no-answer')])(
  'hands on in silence: %j',
  async (answer) => {
    expect(await told(answer)).toEqual([answer, 0]);
  },
);
