/**
 * Whether Aircall answers us, and what time it is there.
 */
import { fail, succeed } from '../../core/result.ts';
import type { CompareClocks, Now, PingAircall } from '../../ports.ts';
import type { RequestAircall } from './client.ts';
import { sendHttp } from './send-http.ts';

const path = '/v1/ping';

/** `GET /v1/ping`. */
export function createPingAircall(requestAircall: RequestAircall, timeoutMs: number): PingAircall {
  return async function pingAircall(deadlineMs) {
    const answer = await requestAircall({ method: 'GET', path, route: path, timeoutMs, deadlineMs });
    return answer.ok ? succeed(undefined) : answer;
  };
}

/** The `Date` of any answer, so without credentials. It counts whole seconds. */
export function createCompareClocks(url: string, now: Now, timeoutMs: number): CompareClocks {
  return async function compareClocks(deadlineMs) {
    const startedAtMs = now();
    const boundMs = Math.max(1, Math.min(timeoutMs, deadlineMs - startedAtMs));
    try {
      const request = { method: 'GET', url: url.replace(/\/$/, '') + path, timeoutMs: boundMs };
      const { headers } = await sendHttp(request);
      const theirsMs = Date.parse(headers.date ?? '');
      const oursMs = (startedAtMs + now()) / 2;
      return succeed(Number.isNaN(theirsMs) ? undefined : { aheadMs: Math.round(oursMs - theirsMs) });
    } catch {
      return fail({ reason: 'unavailable', message: `GET ${path}: no answer` });
    }
  };
}
