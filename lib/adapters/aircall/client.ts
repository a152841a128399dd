/**
 * Requests to Aircall: one place for credentials, timeouts and the reading of failures.
 *
 * A request that certainly did not happen (429, connection refused) is sent again while the deadline allows. Any
 * other is sent once: for a transfer, a lost answer may be a transfer that happened.
 */
import { setTimeout as sleepFor } from 'node:timers/promises';
import type { GiveCredentials } from '../../account-ports.ts';
import type { AircallCredentials } from '../../core/account.ts';
import type { AircallFailure, AircallResult } from '../../core/model.ts';
import { fail, type Result, succeed } from '../../core/result.ts';
import type { Now } from '../../ports.ts';
import { answerTooLarge, type HttpAnswer, type SendHttp, sendHttp } from './send-http.ts';
import { errorBody, parseExactJson } from './wire.ts';

export type AircallConnection = {
  /** Without a path, for instance `https://api.aircall.io`. */
  readonly url: string;
  /** Asked before each request: what is in memory costs nothing. */
  readonly giveCredentials: GiveCredentials;
  /** Product and version. */
  readonly userAgent: string;
};

export type AircallRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** The path as failures may name it: no e-mail, no number. */
  readonly route: string;
  readonly json?: unknown;
  /** For one try. */
  readonly timeoutMs: number;
  /** With less time left nothing is sent: its answer would be lost. @default 0 */
  readonly needsMs?: number;
  readonly deadlineMs: number;
  /** How often it may be sent, where it certainly did not happen. @default 3 */
  readonly tries?: number;
};

/** The parsed body, or `undefined` for an empty one. Never throws. */
export type RequestAircall = (request: AircallRequest) => Promise<AircallResult<unknown>>;

export type AircallClock = { readonly now: Now; readonly sleep: (ms: number) => Promise<unknown> };

export const realClock: AircallClock = { now: Date.now, sleep: sleepFor };

const maxTries = 3;
const pauseBetweenTriesMs = 250;

export function createAircallClient(
  connection: AircallConnection,
  clock: AircallClock = realClock,
  send: SendHttp = sendHttp,
): RequestAircall {
  const ask = askAircall(connection, send);

  return async function requestAircall(request) {
    const credentials = await connection.giveCredentials(request.deadlineMs);
    if (!credentials.ok) return credentials;

    const authorization = authorizationOf(credentials.value);
    for (let tries = 1; ; tries += 1) {
      const answer = await tryOnce(ask, request, authorization, clock.now());
      if (answer.ok) return answer;

      const { pauseMs = Number.POSITIVE_INFINITY, ...failure } = answer.failure;
      const needsMs = pauseMs + (request.needsMs ?? 0);
      const hasTimeLeft = clock.now() + needsMs < request.deadlineMs;
      if (tries === (request.tries ?? maxTries) || !hasTimeLeft) return fail(failure);
      await clock.sleep(pauseMs);
    }
  };
}

/** None for a request that proves itself by what it says. */
function authorizationOf(credentials: AircallCredentials | undefined): string | undefined {
  switch (credentials?.kind) {
    case 'api-key': {
      const { apiId, apiToken } = credentials;
      return `Basic ${Buffer.from(`${apiId}:${apiToken}`).toString('base64')}`;
    }
    case 'oauth':
      return `Bearer ${credentials.accessToken}`;
    case undefined:
      return undefined;
  }
}

/** A failure, and after which pause the request may be sent again; without one, never. */
type TryFailure = AircallFailure & { readonly pauseMs?: number };

type AskAircall = (
  request: AircallRequest,
  authorization: string | undefined,
  timeoutMs: number,
) => Promise<HttpAnswer>;

function askAircall({ url, userAgent }: AircallConnection, send: SendHttp): AskAircall {
  const base = url.replace(/\/$/, '');

  return ({ method, path, json }, authorization, timeoutMs) => {
    const headers = {
      accept: 'application/json',
      'user-agent': userAgent,
      ...(authorization !== undefined && { authorization }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
    };
    const body = json === undefined ? undefined : JSON.stringify(json);
    return send({ method, url: base + path, headers, body, timeoutMs });
  };
}

async function tryOnce(
  ask: AskAircall,
  request: AircallRequest,
  authorization: string | undefined,
  nowMs: number,
): Promise<Result<unknown, TryFailure>> {
  const leftMs = request.deadlineMs - nowMs;
  if (leftMs <= 0) return fail({ reason: 'out-of-time', message: `${nameOf(request)}: no time left to ask` });

  let answer: HttpAnswer;
  try {
    answer = await ask(request, authorization, Math.min(request.timeoutMs, leftMs));
  } catch (error) {
    return fail(readBreakdown(error, request));
  }
  if (answer.status < 200 || answer.status > 299) return fail(readRefusal(answer, request, nowMs));

  try {
    return succeed(answer.text === '' ? undefined : parseExactJson(answer.text));
  } catch {
    return fail({ reason: 'unreadable-answer', message: `${nameOf(request)}: the answer is not JSON` });
  }
}

/** Aircall said no. */
function readRefusal(
  { status, headers, text }: HttpAnswer,
  request: AircallRequest,
  nowMs: number,
): TryFailure {
  const failure = { status, message: `${nameOf(request)}: ${status}` };
  switch (status) {
    case 401:
      return { ...failure, reason: 'unauthorized' };
    case 403:
      return { ...failure, reason: 'forbidden' };
    case 404:
      return { ...failure, reason: 'not-found' };
    case 429:
      return { ...failure, reason: 'rate-limited', pauseMs: readRetryAfter(headers['retry-after'], nowMs) };
  }
  // Said by whoever stands before Aircall: the work behind them may go on.
  if (status === 408 || status === 502 || status === 504) return { ...failure, reason: 'no-answer' };
  // A redirect is not followed: it would carry the credentials elsewhere.
  if (status >= 500 || status < 400) return { ...failure, reason: 'lost-answer' };

  return { ...failure, reason: saysCallEnded(text) ? 'call-ended' : 'refused' };
}

function saysCallEnded(body: string): boolean {
  const { data } = errorBody.safeParse(parseJson(body));
  return [data?.error, data?.troubleshoot, data?.message].some((text) => text?.match(/already ended/i));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Seconds, or a date; undocumented at Aircall, honoured when it comes. */
function readRetryAfter(text: string | undefined, nowMs: number): number {
  if (text === undefined) return pauseBetweenTriesMs;

  const pauseMs = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isNaN(pauseMs) ? pauseBetweenTriesMs : Math.max(0, pauseMs);
}

/** No answer came, or none that can be read. Only where no connection was made can nothing have happened. */
function readBreakdown(error: unknown, request: AircallRequest): TryFailure {
  const code = codeOf(error);
  if (code === answerTooLarge) {
    return { reason: 'unreadable-answer', message: `${nameOf(request)}: the answer is too large` };
  }
  const message = `${nameOf(request)}: ${code ?? (error instanceof Error ? error.name : 'broke off')}`;

  if (error instanceof Error && error.name === 'TimeoutError') return { reason: 'no-answer', message };
  return code !== undefined && notConnectedCodes.has(code)
    ? { reason: 'unavailable', message, pauseMs: pauseBetweenTriesMs }
    : { reason: 'lost-answer', message };
}

const notConnectedCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function nameOf(request: AircallRequest): string {
  return `${request.method} ${request.route}`;
}
