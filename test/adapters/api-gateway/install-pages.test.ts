/** What a browser gets in an installation: where it is sent, what it keeps, and what a person reads where it failed. */
import { describe, expect, it } from 'vitest';
import {
  readComingBack,
  sendToAircall,
  sendToEnd,
  showFailure,
  showStoreFailure,
} from '../../../lib/adapters/api-gateway/install-pages.ts';
import type { FinishFailure } from '../../../lib/use-cases/finish-install.ts';
import type { InstallFailure } from '../../../lib/use-cases/install-account.ts';
import { accountId } from '../../accounts.ts';

const redirectHeaders = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };
const pageHeaders = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
};

describe('a browser', () => {
  it('is sent to Aircall with a secret that only we get back, over TLS alone, for ten minutes', () => {
    expect(
      sendToAircall('https://dashboard.aircall.io/oauth/authorize?a=b', 'browser-secret', 600_000),
    ).toEqual({
      statusCode: 302,
      headers: { ...redirectHeaders, location: 'https://dashboard.aircall.io/oauth/authorize?a=b' },
      cookies: [
        '__Host-call-router-install=browser-secret; Path=/; Max-Age=600; Secure; HttpOnly; SameSite=Lax',
      ],
    });
  });

  it('keeps the secret for whole seconds, and no longer than it is good for', () => {
    const { cookies } = sendToAircall('https://dashboard.aircall.io', 'browser-secret', 1999);
    expect(cookies).toEqual([
      '__Host-call-router-install=browser-secret; Path=/; Max-Age=1; Secure; HttpOnly; SameSite=Lax',
    ]);
  });

  it('is sent to Aircall’s last page without it', () => {
    expect(sendToEnd('https://dashboard.aircall.io/oauth/success')).toEqual({
      statusCode: 302,
      headers: { ...redirectHeaders, location: 'https://dashboard.aircall.io/oauth/success' },
      cookies: ['__Host-call-router-install=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax'],
    });
  });
});

describe('a browser that comes back', () => {
  it('brings a code, a state, and the secret that stayed with it', () => {
    expect(
      readComingBack({
        queryStringParameters: { code: 'code-of-theirs', state: 'state-of-an-install', more: 'of it' },
        cookies: ['theme=dark', '__Host-call-router-install=browser-secret', 'session=of-another-page'],
      }),
    ).toEqual({ code: 'code-of-theirs', state: 'state-of-an-install', browser: 'browser-secret' });
  });

  it('brings back the very secret that it was sent with', () => {
    const [cookie = ''] = sendToAircall('https://dashboard.aircall.io', 'a-_Z09', 600_000).cookies ?? [];
    const [pair = ''] = cookie.split('; ');

    expect(readComingBack({ cookies: [pair] })).toEqual({ browser: 'a-_Z09' });
  });

  it('may bring an error', () => {
    expect(readComingBack({ queryStringParameters: { error: 'access_denied', state: 's' } })).toEqual({
      error: 'access_denied',
      state: 's',
    });
  });

  it('may bring nothing', () => {
    expect(readComingBack({})).toEqual({});
  });

  it.each([
    { cookies: [], browser: undefined },
    { cookies: ['call-router-install=without-the-prefix'], browser: undefined },
    { cookies: ['__Host-call-router-install-2=of-another-app'], browser: undefined },
    { cookies: ['__host-call-router-install=in-small-letters'], browser: undefined },
    { cookies: ['x=__Host-call-router-install=within-another'], browser: undefined },
    { cookies: ['__Host-call-router-install'], browser: undefined },
    { cookies: ['__Host-call-router-install='], browser: '' },
    { cookies: ['__Host-call-router-install=a=b=='], browser: 'a=b==' },
  ])('keeps the secret in no cookie but ours: $cookies', ({ cookies, browser }) => {
    expect(readComingBack({ cookies }).browser).toBe(browser);
  });
});

/** Everything that a failure may hold and a page must not show. */
const detail = 'detail-of-the-failure';
const atAircall = { reason: 'refused', status: 422, message: detail } as const;
const inStore = { reason: 'store-unavailable', detail } as const;
const notInstalled = (failure: InstallFailure): FinishFailure => ({ reason: 'not-installed', failure });

const pages: readonly {
  readonly failure: FinishFailure;
  readonly status: number;
  readonly title: string;
  readonly says: string;
}[] = [
  {
    failure: { reason: 'declined' },
    status: 400,
    title: 'The installation was declined',
    says: 'Aircall says that access was not granted. Nothing was changed. Begin again from here:',
  },
  {
    failure: { reason: 'no-code' },
    status: 400,
    title: 'Aircall sent no code',
    says: 'it came without the code for it. Nothing was changed. Begin again from here:',
  },
  {
    failure: { reason: 'no-state' },
    status: 400,
    title: 'This installation was not begun here',
    says: 'It came back without the mark that every installation of ours carries. Nothing was changed.',
  },
  {
    failure: { reason: 'foreign' },
    status: 400,
    title: 'This browser did not begin the installation',
    says: 'It was begun in another browser, or this one keeps no cookies. Nothing was changed.',
  },
  {
    failure: { reason: 'used' },
    status: 400,
    title: 'This link was used already',
    says: 'The installation it belongs to has gone on. If it did not end well, begin again from here:',
  },
  {
    failure: { reason: 'old' },
    status: 400,
    title: 'The installation took too long',
    says: 'It has to be granted within ten minutes. Nothing was changed.',
  },
  {
    failure: { reason: 'store-failed', failure: inStore },
    status: 503,
    title: 'Not now',
    says: 'The router can’t reach its own data at the moment. Nothing was changed.',
  },
  {
    failure: { reason: 'not-exchanged', failure: atAircall },
    status: 424,
    title: 'Aircall did not let us in',
    says: 'Aircall did not accept the code it had given, or did not answer. Nothing was installed.',
  },
  {
    failure: notInstalled({
      step: 'webhook',
      failure: { reason: 'company-has-account', accountId: accountId('lantern') },
    }),
    status: 409,
    title: 'This company is served already',
    says: 'Whoever runs the router has to take that account away first. Nothing was changed.',
  },
  {
    failure: notInstalled({
      step: 'account',
      failure: { reason: 'other-company', company: 'Lantern & Co', accountOf: 'Tidewater Books' },
    }),
    status: 409,
    title: 'This company is served already',
    says: 'The router works for it under another account, with an API key for one.',
  },
  {
    failure: notInstalled({ step: 'account', failure: { reason: 'being-deleted' } }),
    status: 409,
    title: 'An earlier installation is being deleted',
    says: 'What the router kept of it goes at this moment. In a quarter of an hour, try again:',
  },
  {
    failure: notInstalled({ step: 'company', failure: atAircall }),
    status: 424,
    title: 'The installation is not complete',
    says: 'It failed while learning at Aircall which company this is. Trying again completes it:',
  },
  {
    failure: notInstalled({ step: 'account', failure: inStore }),
    status: 424,
    title: 'The installation is not complete',
    says: 'It failed while looking the company up. Trying again completes it:',
  },
  {
    failure: notInstalled({ step: 'sealing', failure: { reason: 'seal-unavailable', detail } }),
    status: 424,
    title: 'The installation is not complete',
    says: 'It failed while sealing its credentials. Trying again completes it:',
  },
  {
    failure: notInstalled({ step: 'webhook', failure: { ...atAircall, while: 'creating' } }),
    status: 424,
    title: 'The installation is not complete',
    says: 'It failed while having Aircall announce its calls. Trying again completes it:',
  },
  {
    failure: notInstalled({ step: 'webhook', failure: { reason: 'changed-meanwhile' } }),
    status: 424,
    title: 'The installation is not complete',
    says: 'It failed while having Aircall announce its calls. Trying again completes it:',
  },
  {
    failure: notInstalled({ step: 'enabling', failure: atAircall }),
    status: 424,
    title: 'The installation is not complete',
    says: 'It failed while telling Aircall that all is done. Trying again completes it:',
  },
];

describe('a failed installation', () => {
  it.each(pages)('is a $status, "$title": $failure.reason', ({ failure, status, title, says }) => {
    const { statusCode, headers, body, cookies } = showFailure(failure);

    expect(statusCode).toBe(status);
    expect(headers).toEqual(pageHeaders);
    expect(cookies).toBeUndefined();
    expect(body).toContain(`<title>${title}</title>`);
    expect(body).toContain(`<h1>${title}</h1>`);
    expect(body).toContain(says);
  });

  it.each(pages)('leads back to its begin, and to nowhere else: $failure.reason', ({ failure }) => {
    const links = showFailure(failure).body?.match(/(?:href|src|action)="[^"]*"/g);

    expect(links).toEqual(['href="install"']);
  });

  it.each(pages)('tells nothing of its failure but what a person can do: $failure.reason', ({ failure }) => {
    for (const secret of [detail, '422', 'lantern', 'seal-unavailable', 'store-unavailable'])
      expect(showFailure(failure).body).not.toContain(secret);
  });

  it('before it was begun is the same page as where the store fails later', () => {
    expect(showStoreFailure()).toEqual(showFailure({ reason: 'store-failed', failure: inStore }));
  });

  it('has a title of its own for each reason', () => {
    const titles = new Map(pages.map(({ title, failure }) => [title, failure.reason]));

    expect([...titles.values()].toSorted()).toEqual([
      'declined',
      'foreign',
      'no-code',
      'no-state',
      'not-exchanged',
      'not-installed',
      'not-installed',
      'not-installed',
      'old',
      'store-failed',
      'used',
    ]);
  });
});
