/**
 * One HTTP request by Node's own client, which the AWS SDK has loaded already. `fetch` would bring another one: a fifth
 * of what a cold start spends on the import.
 */
import { type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

export type HttpRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** For all of it, from the connection to the end of the answer. */
  readonly timeoutMs: number;
};

export type HttpAnswer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
};

/**
 * Any answer: a redirect, too, is not followed.
 *
 * @throws a `TimeoutError` when the time is over; else what broke, a connection's errors with a `code`
 */
export type SendHttp = (request: HttpRequest) => Promise<HttpAnswer>;

export const sendHttp: SendHttp = async (request) => {
  const signal = AbortSignal.timeout(request.timeoutMs);
  try {
    return await readAnswer(await sendOnce(request, signal));
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
};

/**
 * A kept connection may turn out to have been closed by the other side. What only reads is then sent again over a new
 * one; anything else may have arrived, and is not.
 */
function sendOnce(
  { method, url, headers, body }: HttpRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const openRequest = url.startsWith('https:') ? requestHttps : requestHttp;
  const options = { method, headers: { ...headers }, signal };

  return new Promise((resolve, reject) => {
    const request = openRequest(url, options, resolve);
    request.on('error', (error) => {
      if (method !== 'GET' || !request.reusedSocket || signal.aborted) return reject(error);
      openRequest(url, { ...options, agent: false }, resolve)
        .on('error', reject)
        .end();
    });
    request.end(body);
  });
}

async function readAnswer(response: IncomingMessage): Promise<HttpAnswer> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  // An answer has a status; that it may be missing in the type is for requests, which have none.
  return { status: response.statusCode as number, headers: response.headers, text };
}
