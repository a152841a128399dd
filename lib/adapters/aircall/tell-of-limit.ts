/**
 * A client that says when Aircall refused a request for too many, whatever it asked: no request is spent then on what can
 * wait.
 */
import type { RequestAircall } from './client.ts';

export function tellOfLimit(requestAircall: RequestAircall, onLimit: () => void): RequestAircall {
  return async function requestAndTell(request) {
    const answer = await requestAircall(request);
    if (!answer.ok && answer.failure.reason === 'rate-limited') onLimit();
    return answer;
  };
}
