/**
 * The companies of the simulated Aircall: each with its own users, contacts, calls, webhooks, telephone and rate limit.
 */
import { type Company, createCompany } from './company.ts';
import { type CompanyHandle, createCompanyHandle } from './company-handle.ts';
import { createDeliveries } from './deliveries.ts';
import type { SimulatedAircallOptions, SimulatedCompany } from './interface.ts';
import { createRateLimit } from './rate-limit.ts';
import type { Scheduler } from './scheduler.ts';
import { createTelephone } from './telephone.ts';

export type OpenCompany = {
  readonly company: Company;
  readonly handle: CompanyHandle;
  readonly refuseExcess: ReturnType<typeof createRateLimit>;
};

const mainCompany = { id: 90_001, name: 'Lantern & Co' };

const frenchOffice = {
  id: 1234,
  name: 'French office',
  digits: '+33 1 99 00 12 34',
  country: 'FR',
  timeZone: 'Europe/Paris',
};

/** The main one first. */
export function openCompanies(
  options: SimulatedAircallOptions,
  url: string,
  scheduler: Scheduler,
): readonly [OpenCompany, ...OpenCompany[]] {
  const { company: main = mainCompany, otherCompanies = [], acceptUnknownCalls = false } = options;
  const all: Company[] = [];

  function open({
    id,
    name,
    number = frenchOffice,
    users = [],
    contacts = [],
  }: SimulatedCompany): OpenCompany {
    const company = createCompany({
      id,
      name,
      number,
      users,
      url,
      nowMs: options.now ?? scheduler.now,
      // A call of one company's is no other's.
      isUnknownCallAccepted: (callId) => acceptUnknownCalls && !all.some(({ calls }) => calls.has(callId)),
    });
    all.push(company);
    const deliveries = createDeliveries(company.webhooks, scheduler, options.post);
    const telephone = createTelephone(company, deliveries, scheduler, options.ask);
    const handle = createCompanyHandle(company, deliveries, telephone);
    for (const contact of contacts) handle.putContact(contact);
    return {
      company,
      handle,
      refuseExcess: createRateLimit(options.requestsPerMinute ?? 120, company.nowMs),
    };
  }

  return [open({ ...main, users: options.users ?? [] }), ...otherCompanies.map(open)];
}
