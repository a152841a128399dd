/**
 * What a cold start waits for before the first event: the import of the webhook's bundle, against that of the bare
 * DynamoDB client, which is there in any case, and of a handler that does nothing. Each import is in a process of its own.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { BuildOptions } from 'esbuild';
import { bundle, optionsOf } from './bundles.ts';
import { readService, root } from './service.ts';

const run = promisify(execFile);

export type ColdImport = {
  readonly webhookMs: number;
  /** As it is installed: without what serverless.yml puts in place of parts of it. */
  readonly bareClientMs: number;
  /** With the webhook's options. */
  readonly leanClientMs: number;
  readonly emptyMs: number;
};

/** Medians. The bundles take turns, so that a slower minute of the machine is everyone's. */
export async function measureColdImport({ runs = 15 } = {}): Promise<ColdImport> {
  const directory = await mkdtemp(join(tmpdir(), 'call-router-cold-import-'));
  try {
    const bundles = await writeBundles(directory);
    const times = bundles.map((): number[] => []);
    for (let round = 0; round < runs; round += 1) {
      for (const [index, path] of bundles.entries()) times[index]?.push(await importOnce(path));
    }
    const [webhookMs = 0, bareClientMs = 0, leanClientMs = 0, emptyMs = 0] = times.map(median);
    return { webhookMs, bareClientMs, leanClientMs, emptyMs };
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function writeBundles(directory: string): Promise<readonly string[]> {
  const lean = optionsOf(await readService());
  const { alias: _alias, plugins: _plugins, ...bare } = lean;
  const entries: readonly (readonly [name: string, options: BuildOptions, entry: BuildOptions])[] = [
    ['webhook', lean, { entryPoints: ['functions/webhook.ts'] }],
    ['bare-client', bare, moduleOf(client)],
    ['lean-client', lean, moduleOf(client)],
    ['empty', lean, moduleOf(empty)],
  ];
  return Promise.all(
    entries.map(async ([name, options, entry]) => {
      const path = join(directory, `${name}.mjs`);
      await writeFile(path, await bundle(options, entry));
      return path;
    }),
  );
}

const moduleOf = (contents: string): BuildOptions => ({ stdin: { contents, resolveDir: root } });

const client = `
  import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
  const client = new DynamoDBClient({});
  export const handler = async () => client;
`;
const empty = 'export const handler = async () => ({ statusCode: 200 });';

async function importOnce(path: string): Promise<number> {
  const script = `
    const beganAtMs = performance.now();
    await import(${JSON.stringify(pathToFileURL(path).href)});
    process.stdout.write(String(performance.now() - beganAtMs));
    process.exit();
  `;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], {
    env: environment,
  });
  return Number(stdout);
}

/** What the webhook needs to start, and of this machine nothing. */
const environment = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  AIRCALL_API_ID: 'none',
  AIRCALL_API_TOKEN: 'none',
  AIRCALL_WEBHOOK_TOKENS: 'none',
  TABLE_NAME: 'none',
  RING_TIMERS_QUEUE_URL: 'http://localhost/none',
};

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
