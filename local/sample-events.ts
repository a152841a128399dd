/**
 * The sample deliveries of `events/`: read, made fresh, and what each must come to.
 */
import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Fault } from './simulated-aircall.ts';
import type { LastAgents, Presences } from './stack.ts';

export type SampleEvent = {
  readonly file: string;
  readonly body: string;
  readonly entry: SampleEntry;
};

/** What `events/README.md` says of each key. */
export type SampleEntry = {
  readonly says: string;
  readonly expect: readonly ExpectedAnswer[];
  readonly transfers?: readonly object[];
  readonly stamp?: false | { readonly ageSeconds?: number; readonly token?: false; readonly times?: false };
  readonly agents?: Presences;
  readonly lastAgents?: LastAgents;
  readonly aircall?: {
    readonly status?: 'initial' | 'answered' | 'done';
    readonly faults?: Readonly<Record<string, Fault>>;
  };
  readonly policy?: unknown;
};

export type ExpectedAnswer = { readonly status: number; readonly [field: string]: unknown };

const folder = new URL('../events/', import.meta.url);

/** Every sample, in the manifest's order. @throws if a file has no entry, or an entry no file */
export function readSampleEvents(): readonly SampleEvent[] {
  const manifest = JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8')) as Record<
    string,
    SampleEntry
  >;
  const files = readdirSync(folder).filter((file) => file.endsWith('.json') && file !== 'manifest.json');
  const strays = files.filter((file) => manifest[file] === undefined);
  if (strays.length > 0) throw new Error(`events/manifest.json has no entry for ${strays.join(', ')}`);

  return Object.entries(manifest).map(([file, entry]) => ({
    file,
    entry,
    body: readFileSync(new URL(file, folder), 'utf8'),
  }));
}

/** One sample by its path or name. */
export function findSampleEvent(samples: readonly SampleEvent[], path: string): SampleEvent | undefined {
  return samples.find((sample) => sample.file === basename(path));
}

/** The body as if Aircall sent it now, of a call of its own, to the router that has `token`. */
export function stampBody({ body, entry }: SampleEvent, token: string, nowMs: number): string {
  const { stamp = {} } = entry;
  if (stamp === false) return body;

  const nowSeconds = Math.floor(nowMs / 1000) - (stamp.ageSeconds ?? 0);
  const event = JSON.parse(body) as { data?: Record<string, unknown>; [field: string]: unknown };
  const { data, timestamp } = event;
  const laterSeconds = typeof timestamp === 'number' ? nowSeconds - timestamp : 0;
  if (stamp.token !== false) event['token'] = token;
  if (stamp.times !== false) {
    for (const time of ['started_at', 'answered_at', 'ended_at']) {
      const seconds = data?.[time];
      if (typeof seconds === 'number') Object.assign(data ?? {}, { [time]: seconds + laterSeconds });
    }
    const updatedAt = data?.['updated_at'];
    if (typeof updatedAt === 'number') Object.assign(data ?? {}, { updated_at: updatedAt + laterSeconds });
    if (typeof updatedAt === 'string') {
      const updatedAtMs = Date.parse(updatedAt) + laterSeconds * 1000;
      Object.assign(data ?? {}, { updated_at: new Date(updatedAtMs).toISOString() });
    }
    event['timestamp'] = nowSeconds;
  }
  if (data?.['id'] !== undefined && event['resource'] === 'call')
    data['id'] = randomInt(3_000_000_000, 2 ** 47);

  return JSON.stringify(event);
}

/** The sample's policy at this time: `$today`, and `$from` to `$to`, an hour either side of now (UTC). */
export function stampPolicy({ entry }: SampleEvent, nowMs: number): unknown {
  const at = (ms: number) => new Date(nowMs + ms).toISOString();
  const hour = 3_600_000;
  return JSON.parse(
    JSON.stringify(entry.policy ?? {})
      .replaceAll('$today', at(0).slice(0, 10))
      .replaceAll('$from', at(-hour).slice(11, 16))
      .replaceAll('$to', at(hour).slice(11, 16)),
  );
}

/** The call a body is about, if it can be told. */
export function callIdOf(body: string): string | undefined {
  try {
    const { resource, data } = JSON.parse(body) as { resource?: string; data?: { id?: number } };
    return resource === 'call' && data?.id !== undefined ? String(data.id) : undefined;
  } catch {
    return undefined;
  }
}
