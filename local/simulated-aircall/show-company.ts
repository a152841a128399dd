/**
 * `GET /v1/company`, with either credential.
 *
 * Gap: its answer. It has the name and how much there is of what, and no id.
 */
import { type Answer, json } from './answer.ts';
import type { Company } from './company.ts';
import type { RouteRequest } from './routes.ts';

export function showCompany(_request: RouteRequest, { name, users }: Company): Answer {
  return json(200, {
    company: { name, users_count: users.size, numbers_count: 1, allow_custom_tags: true },
  });
}
