/**
 * What a person sees of an installation in their browser. Nothing that came with the request is shown again.
 */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { ComingBack, FinishFailure } from '../../use-cases/finish-install.ts';

/** `__Host-`: of this host alone, and over TLS alone. */
const cookieName = '__Host-call-router-install';

/** To Aircall, with the browser's secret. */
export function sendToAircall(
  url: string,
  browser: string,
  forMs: number,
): APIGatewayProxyStructuredResultV2 {
  const attributes = `Path=/; Max-Age=${Math.floor(forMs / 1000)}; Secure; HttpOnly; SameSite=Lax`;
  return { ...redirect(url), cookies: [`${cookieName}=${browser}; ${attributes}`] };
}

/** To Aircall's own last page. The browser's secret has done its work. */
export function sendToEnd(url: string): APIGatewayProxyStructuredResultV2 {
  return {
    ...redirect(url),
    cookies: [`${cookieName}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax`],
  };
}

export function readComingBack({
  queryStringParameters,
  cookies = [],
}: Pick<APIGatewayProxyEventV2, 'queryStringParameters' | 'cookies'>): ComingBack {
  // Without a query it is missing, or null where serverless-offline hands it on.
  const { error, code, state } = queryStringParameters ?? {};
  const cookie = cookies.find((text) => text.startsWith(`${cookieName}=`));
  return { error, code, state, browser: cookie?.slice(cookieName.length + 1) };
}

/** Beside it: both are below one path. */
const installPath = 'install';

/** 424 where Aircall, or we at Aircall, failed: a 5xx would say that this API did, and wake someone for any made-up code. */
type Page = { readonly status: number; readonly title: string; readonly text: string };

const again = 'Begin again from here:';
const nothingDone = 'Nothing was changed.';

export function showFailure(failure: FinishFailure): APIGatewayProxyStructuredResultV2 {
  return show(pageOf(failure));
}

export function showStoreFailure(): APIGatewayProxyStructuredResultV2 {
  return show(storeFailed);
}

function pageOf(failure: FinishFailure): Page {
  switch (failure.reason) {
    case 'declined':
      return {
        status: 400,
        title: 'The installation was declined',
        text: `Aircall says that access was not granted. ${nothingDone} ${again}`,
      };
    case 'no-code':
      return {
        status: 400,
        title: 'Aircall sent no code',
        text: `This page is where Aircall sends a browser after an installation was granted, and it came without the code for it. ${nothingDone} ${again}`,
      };
    case 'no-state':
      return {
        status: 400,
        title: 'This installation was not begun here',
        text: `It came back without the mark that every installation of ours carries. ${nothingDone} ${again}`,
      };
    case 'foreign':
      return {
        status: 400,
        title: 'This browser did not begin the installation',
        text: `It was begun in another browser, or this one keeps no cookies. ${nothingDone} ${again}`,
      };
    case 'used':
      return {
        status: 400,
        title: 'This link was used already',
        text: `The installation it belongs to has gone on. If it did not end well, ${again.toLowerCase()}`,
      };
    case 'old':
      return {
        status: 400,
        title: 'The installation took too long',
        text: `It has to be granted within ten minutes. ${nothingDone} ${again}`,
      };
    case 'store-failed':
      return storeFailed;
    case 'not-exchanged':
      return {
        status: 424,
        title: 'Aircall did not let us in',
        text: `Aircall did not accept the code it had given, or did not answer. Nothing was installed. ${again}`,
      };
    case 'not-installed':
      return pageOfStep(failure.failure);
  }
}

type StepFailure = Extract<FinishFailure, { readonly reason: 'not-installed' }>['failure'];

function pageOfStep({ step, failure }: StepFailure): Page {
  if (failure.reason === 'being-deleted') {
    return {
      status: 409,
      title: 'An earlier installation is being deleted',
      text: 'What the router kept of it goes at this moment. In a quarter of an hour, try again:',
    };
  }
  if (failure.reason === 'company-has-account' || failure.reason === 'other-company') {
    return {
      status: 409,
      title: 'This company is served already',
      text: 'The router works for it under another account, with an API key for one. Whoever runs the router has to take that account away first. Nothing was changed.',
    };
  }
  const what = {
    company: 'learning at Aircall which company this is',
    account: 'looking the company up',
    sealing: 'sealing its credentials',
    webhook: 'having Aircall announce its calls',
    enabling: 'telling Aircall that all is done',
  }[step];
  return {
    status: 424,
    title: 'The installation is not complete',
    text: `It failed while ${what}. Trying again completes it:`,
  };
}

const storeFailed: Page = {
  status: 503,
  title: 'Not now',
  text: 'The router can’t reach its own data at the moment. Nothing was changed. In a minute, try again:',
};

function redirect(location: string): APIGatewayProxyStructuredResultV2 {
  return { statusCode: 302, headers: { ...kept, location } };
}

/** Codes and states are in the addresses: they go into no cache, and to no other site. */
const kept = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };

function show({ status, title, text }: Page): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: status,
    headers: {
      ...kept,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    },
    body: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 4rem auto; padding: 0 1rem }</style>
<main>
<h1>${title}</h1>
<p>${text}</p>
<p><a href="${installPath}">Install the call router</a></p>
</main>
</html>
`,
  };
}
