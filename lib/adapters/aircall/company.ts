/**
 * The company that our credentials are of, and whether it has us installed.
 */
import type { CompanyAtAircall } from '../../account-ports.ts';
import type { AircallCredentials } from '../../core/account.ts';
import type { AircallResult } from '../../core/model.ts';
import { fail, succeed } from '../../core/result.ts';
import type { RequestAircall } from './client.ts';
import { companyAnswer, integrationAnswer } from './wire.ts';

/**
 * `GET /v1/company`, and where a company has installed us (OAuth), `GET /v1/integrations/me` for its id and
 * `POST /v1/integrations/enable` at the end: an API key knows neither.
 */
export function createCompanyAtAircall(
  requestAircall: RequestAircall,
  kind: AircallCredentials['kind'],
  timeoutMs: number,
): CompanyAtAircall {
  return {
    fetchCompany: async (deadlineMs) => {
      const integration = kind === 'oauth' ? await fetchCompanyId(deadlineMs) : succeed(undefined);
      if (!integration.ok) return integration;

      const answer = await get('/v1/company', deadlineMs);
      if (!answer.ok) return answer;
      const parsed = companyAnswer.safeParse(answer.value);
      if (!parsed.success) return unreadable('/v1/company');

      const { id, name } = parsed.data.company;
      const companyId = integration.value ?? id;
      return succeed({ name, ...(companyId !== undefined && { companyId }) });
    },
    enableIntegration: async (deadlineMs) => {
      if (kind !== 'oauth') return succeed(undefined);

      const path = '/v1/integrations/enable';
      const answer = await requestAircall({ method: 'POST', path, route: path, timeoutMs, deadlineMs });
      return answer.ok ? succeed(undefined) : answer;
    },
  };

  async function fetchCompanyId(deadlineMs: number): Promise<AircallResult<string>> {
    const answer = await get('/v1/integrations/me', deadlineMs);
    if (!answer.ok) return answer;

    const parsed = integrationAnswer.safeParse(answer.value);
    return parsed.success ? succeed(parsed.data.integration.company_id) : unreadable('/v1/integrations/me');
  }

  async function get(path: string, deadlineMs: number): Promise<AircallResult<unknown>> {
    return requestAircall({ method: 'GET', path, route: path, timeoutMs, deadlineMs });
  }
}

function unreadable(path: string) {
  return fail({ reason: 'unreadable-answer', message: `GET ${path}: not as we know it` } as const);
}
