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

/** Larger ones would take the time and the memory of everyone whose call is under way. Aircall's pages are some hundred KiB. */
const mostAnswerBytes = 2 * 1024 * 1024;

/** The `code` of the error that reading such an answer ends with. The rest of it is not taken from the network. */
export const answerTooLarge = 'ANSWER_TOO_LARGE';

async function readAnswer(response: IncomingMessage): Promise<HttpAnswer> {
  // An answer has a status: that it may be missing in the type is for requests, which have none.
  const { statusCode, headers } = response;
  const status = statusCode as number;
  const chunks: Buffer[] = [];
  let bytes = 0;
  // What leaves the loop early ends the connection.
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > mostAnswerBytes) {
      // A refusal is one without its text.
      if (status >= 300) return { status, headers, text: '' };
      throw Object.assign(new Error('the answer is too large'), { code: answerTooLarge });
    }
    chunks.push(chunk);
  }
  return { status, headers, text: Buffer.concat(chunks).toString('utf8') };
}
