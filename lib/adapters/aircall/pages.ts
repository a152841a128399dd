/**
 * All pages of a list at Aircall, as fast as its other users allow: one page a second leaves half of the company's
 * 120 requests a minute to the transfers.
 */
import type * as z from 'zod/mini';
import type { AircallFailure } from '../../core/model.ts';
import type { AircallClock, RequestAircall } from './client.ts';

const perPage = 50;
/** From one request to the next: an answer that takes its time is part of it. */
const pageEveryMs = 1000;
/** 50,000 entries: a list that does not end by then goes in circles. */
const mostPages = 1000;

type Page = {
  readonly meta: {
    readonly next_page_link?: string | null | undefined;
    readonly total?: number | undefined;
  };
};

export type PagedList<Schema extends z.ZodMiniType<Page>, Item> = {
  readonly path: string;
  readonly schema: Schema;
  readonly itemsOf: (page: z.infer<Schema>) => readonly Item[];
  readonly timeoutMs: number;
  readonly deadlineMs: number;
};

/** The pages up to the last one, or to the one that failed: what came is true by itself. */
export type ListedPages<Item> = {
  readonly items: readonly Item[];
  /** An entry that is deleted while pages are read shifts the others, and one of them falls between two pages. */
  readonly missing: number;
  readonly failure?: AircallFailure;
};

export async function listPages<Schema extends z.ZodMiniType<Page>, Item>(
  requestAircall: RequestAircall,
  clock: AircallClock,
  list: PagedList<Schema, Item>,
): Promise<ListedPages<Item>> {
  const { path, timeoutMs, deadlineMs } = list;
  const items: Item[] = [];
  let mayAskAtMs = 0;
  let total = 0;
  const breakOff = (failure: AircallFailure) => ({ items, missing: 0, failure });

  // The link is a sign that there is more; where it points is not followed, so that credentials stay on one host.
  for (let page = 1; page <= mostPages; page += 1) {
    if (page > 1) await clock.sleep(Math.max(0, mayAskAtMs - clock.now()));
    mayAskAtMs = clock.now() + pageEveryMs;
    const answer = await requestAircall({
      method: 'GET',
      path: `${path}?per_page=${perPage}&page=${page}`,
      route: path,
      timeoutMs,
      deadlineMs,
    });
    if (!answer.ok) return breakOff(answer.failure);

    const parsed = list.schema.safeParse(answer.value);
    if (!parsed.success) {
      return breakOff({ reason: 'unreadable-answer', message: `GET ${path}: not a list` });
    }
    items.push(...list.itemsOf(parsed.data));
    total = Math.max(total, parsed.data.meta.total ?? 0);
    if (!parsed.data.meta.next_page_link) {
      return { items, missing: Math.max(0, total - items.length) };
    }
  }
  return breakOff({ reason: 'unreadable-answer', message: `GET ${path}: the list does not end` });
}
