/**
 * One page of a list, with the `meta` Aircall puts beside it.
 *
 * Gap: a `per_page` out of bounds. Here too much becomes 50, and nonsense the default.
 */
import { type Answer, json } from './answer.ts';

const DEFAULT_PER_PAGE = 20;
const MAX_PER_PAGE = 50;

export function page(key: string, link: string, query: URLSearchParams, oldestFirst: unknown[]): Answer {
  const order = query.get('order') === 'desc' ? 'desc' : 'asc';
  const current = positive(query.get('page')) ?? 1;
  const perPage = Math.min(positive(query.get('per_page')) ?? DEFAULT_PER_PAGE, MAX_PER_PAGE);

  const all = order === 'desc' ? oldestFirst.toReversed() : oldestFirst;
  const items = all.slice((current - 1) * perPage, current * perPage);
  const linkTo = (number: number) => `${link}?order=${order}&page=${number}&per_page=${perPage}`;

  return json(200, {
    meta: {
      count: items.length,
      total: all.length,
      current_page: current,
      per_page: perPage,
      next_page_link: current * perPage < all.length ? linkTo(current + 1) : null,
      previous_page_link: current > 1 ? linkTo(current - 1) : null,
    },
    [key]: items,
  });
}

function positive(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}
