/**
 * What the installation of the OAuth app is to a company: `/v1/integrations/me`, `enable` and `disable`, from the first
 * access token until it is uninstalled.
 *
 * Gaps, and what was chosen:
 * - The answer of `me`: id, name, company_id, status and active.
 * - The API key has no integration: 403, as with a wrong credential.
 * - Installed is not yet enabled; what it is stays so through further installs; after an uninstall it has another id.
 * - `?install=true` makes no difference, and being disabled none to webhooks: they go on being told.
 * - `disable` is answered 204, as `enable` is.
 */
import { randomInt } from 'node:crypto';
import { type Answer, edgeError, json } from './answer.ts';
import type { Company, Integration } from './company.ts';
import type { Deliveries } from './deliveries.ts';
import { INTEGRATION_DELETED } from './every-event.ts';
import type { RouteRequest } from './routes.ts';

export function install(company: Company, name: string): void {
  company.integration ??= { id: randomInt(500_000, 2 ** 31), name, isEnabled: false };
}

export function showIntegration(request: RouteRequest, company: Company): Answer {
  return withIntegration(request, company, (integration) =>
    json(200, { integration: printIntegration(integration, company) }),
  );
}

export function enableIntegration(request: RouteRequest, company: Company): Answer {
  return switchIntegration(request, company, true);
}

export function disableIntegration(request: RouteRequest, company: Company): Answer {
  return switchIntegration(request, company, false);
}

/** Who made webhooks with its tokens is told first; then they are gone. */
export function uninstall(company: Company, deliveries: Deliveries): void {
  const { id, integration, webhooks } = company;
  if (integration === undefined) return;

  const data = { integration_id: integration.id, company_id: id };
  deliveries.send({ resource: 'integration', event: INTEGRATION_DELETED, data }, { isFarewell: true });
  for (const [webhookId, { isMadeOverOauth }] of webhooks) if (isMadeOverOauth) webhooks.delete(webhookId);
  company.integration = undefined;
}

function switchIntegration(request: RouteRequest, company: Company, isEnabled: boolean): Answer {
  return withIntegration(request, company, (integration) => {
    company.integration = { ...integration, isEnabled };
    return { status: 204 };
  });
}

function withIntegration(
  { isOverOauth }: RouteRequest,
  { integration }: Company,
  answer: (integration: Integration) => Answer,
): Answer {
  return isOverOauth && integration !== undefined ? answer(integration) : edgeError(403, 'Forbidden');
}

function printIntegration({ id, name, isEnabled }: Integration, company: Company): unknown {
  return {
    id,
    name,
    company_id: company.id,
    status: isEnabled ? 'active' : 'inactive',
    active: isEnabled,
  };
}
