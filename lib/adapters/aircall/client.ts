/**
 * Requests to Aircall: one place for credentials, timeouts and the reading of failures.
 *
 * A request that certainly did not happen (429, connection refused) is sent again while the deadline allows. Any
 * other is sent once: for a transfer, a lost answer may be a transfer that happened.
 */
import { setTimeout as sleepFor } from 'node:timers/promises';
import ky, { type HTTPError, isHTTPError, isTimeoutError, type KyInstance } from 'ky';
import type { GiveCredentials } from '../../account-ports.ts';
import type { AircallCredentials } from '../../core/account.ts';
import type { AircallFailure, AircallResult } from '../../core/model.ts';
import { fail, type Result, succeed } from '../../core/result.ts';
import type { Now } from '../../ports.ts';
import { answerTooLarge, limitedFetch } from './limited-fetch.ts';
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
): RequestAircall {
  const http = ky.create({
    prefix: connection.url,
    retry: 0,
    redirect: 'error',
    fetch: limitedFetch,
    headers: { 'user-agent': connection.userAgent },
  });

  return async function requestAircall(request) {
    const credentials = await connection.giveCredentials(request.deadlineMs);
    if (!credentials.ok) return credentials;

    const authorization = authorizationOf(credentials.value);
    for (let tries = 1; ; tries += 1) {
      const answer = await tryOnce(http, request, authorization, clock.now());
      if (answer.ok) return answer;

      const { pauseMs, ...failure } = answer.failure;
      const needsMs = (pauseMs ?? Number.POSITIVE_INFINITY) + (request.needsMs ?? 0);
      const hasTimeLeft = clock.now() + needsMs < request.deadlineMs;
      if (tries === (request.tries ?? maxTries) || !hasTimeLeft) return fail(failure);
      await clock.sleep(pauseMs ?? 0);
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

async function tryOnce(
  http: KyInstance,
  request: AircallRequest,
  authorization: string | undefined,
  nowMs: number,
): Promise<Result<unknown, TryFailure>> {
  const leftMs = request.deadlineMs - nowMs;
  if (leftMs <= 0) return fail({ reason: 'out-of-time', message: `${nameOf(request)}: no time left to ask` });

  const timeoutMs = Math.min(request.timeoutMs, leftMs);
  let text: string;
  try {
    const options = {
      method: request.method,
      timeout: timeoutMs,
      totalTimeout: timeoutMs,
      headers: { authorization },
    };
    text = await http(
      request.path,
      request.json === undefined ? options : { ...options, json: request.json },
    ).text();
  } catch (error) {
    return fail(isHTTPError(error) ? readRefusal(error, request, nowMs) : readBreakdown(error, request));
  }

  try {
    return succeed(text === '' ? undefined : parseExactJson(text));
  } catch {
    return fail({ reason: 'unreadable-answer', message: `${nameOf(request)}: the answer is not JSON` });
  }
}

/** Aircall said no. */
function readRefusal(error: HTTPError, request: AircallRequest, nowMs: number): TryFailure {
  const { status, headers } = error.response;
  const failure = { status, message: `${nameOf(request)}: ${status}` };
  switch (status) {
    case 401:
      return { ...failure, reason: 'unauthorized' };
    case 403:
      return { ...failure, reason: 'forbidden' };
    case 404:
      return { ...failure, reason: 'not-found' };
    case 429:
      return { ...failure, reason: 'rate-limited', pauseMs: readRetryAfter(headers, nowMs) };
  }
  // Said by whoever stands before Aircall: the work behind them may go on.
  if (status === 408 || status === 502 || status === 504) return { ...failure, reason: 'no-answer' };
  if (status >= 500) return { ...failure, reason: 'lost-answer' };

  return { ...failure, reason: saysCallEnded(error.data) ? 'call-ended' : 'refused' };
}

function saysCallEnded(body: unknown): boolean {
  const { data } = errorBody.safeParse(body);
  return [data?.error, data?.troubleshoot, data?.message].some((text) => text?.match(/already ended/i));
}

/** Seconds, or a date; undocumented at Aircall, honoured when it comes. */
function readRetryAfter(headers: Headers, nowMs: number): number {
  const text = headers.get('retry-after');
  if (text === null) return pauseBetweenTriesMs;

  const pauseMs = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isNaN(pauseMs) ? pauseBetweenTriesMs : Math.max(0, pauseMs);
}

/** No answer came, or none that can be read. Only where no connection was made can nothing have happened. */
function readBreakdown(error: unknown, request: AircallRequest): TryFailure {
  const code = findErrorCode(error);
  if (code === answerTooLarge) {
    return { reason: 'unreadable-answer', message: `${nameOf(request)}: the answer is too large` };
  }
  const message = `${nameOf(request)}: ${code ?? (error instanceof Error ? error.name : 'broke off')}`;

  if (isTimeoutError(error)) return { reason: 'no-answer', message };
  return code !== undefined && notConnectedCodes.has(code)
    ? { reason: 'unavailable', message, pauseMs: pauseBetweenTriesMs }
    : { reason: 'lost-answer', message };
}

const notConnectedCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/** The first `code` down the causes: fetch wraps what went wrong. */
function findErrorCode(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') return cause.code;
  }
  return undefined;
}

function nameOf(request: AircallRequest): string {
  return `${request.method} ${request.route}`;
}
