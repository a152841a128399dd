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
  readonly webhook: ImportTime;
  /** As it is installed: without what serverless.yml puts in place of parts of it. */
  readonly bareClient: ImportTime;
  /** With the webhook's options. */
  readonly leanClient: ImportTime;
  readonly empty: ImportTime;
};

export type ImportTime = {
  readonly ms: number;
  /** On a machine that has other things to do, it tells more. */
  readonly processorMs: number;
};

/** Medians. The bundles take turns, so that a slower minute of the machine is everyone's. */
export async function measureColdImport({ runs = 15 } = {}): Promise<ColdImport> {
  const directory = await mkdtemp(join(tmpdir(), 'call-router-cold-import-'));
  try {
    const paths = await writeBundles(directory);
    const rounds: ColdImport[] = [];
    for (let round = 0; round < runs; round += 1) {
      rounds.push({
        webhook: await importOnce(paths.webhook),
        bareClient: await importOnce(paths.bareClient),
        leanClient: await importOnce(paths.leanClient),
        empty: await importOnce(paths.empty),
      });
    }
    return {
      webhook: median(rounds.map(({ webhook }) => webhook)),
      bareClient: median(rounds.map(({ bareClient }) => bareClient)),
      leanClient: median(rounds.map(({ leanClient }) => leanClient)),
      empty: median(rounds.map(({ empty }) => empty)),
    };
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function writeBundles(directory: string): Promise<Readonly<Record<keyof ColdImport, string>>> {
  const lean = optionsOf(await readService());
  const { alias: _alias, plugins: _plugins, ...bare } = lean;

  async function write(name: string, options: BuildOptions, entry: BuildOptions): Promise<string> {
    const path = join(directory, `${name}.mjs`);
    await writeFile(path, await bundle(options, entry));
    return path;
  }
  return {
    webhook: await write('webhook', lean, { entryPoints: ['functions/webhook.ts'] }),
    bareClient: await write('bare-client', bare, moduleOf(client)),
    leanClient: await write('lean-client', lean, moduleOf(client)),
    empty: await write('empty', lean, moduleOf(empty)),
  };
}

const moduleOf = (contents: string): BuildOptions => ({ stdin: { contents, resolveDir: root } });

const client = `
  import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
  const client = new DynamoDBClient({});
  export const handler = async () => client;
`;
const empty = 'export const handler = async () => ({ statusCode: 200 });';

async function importOnce(path: string): Promise<ImportTime> {
  const script = `
    const usedMs = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
    const before = { ms: performance.now(), processorMs: usedMs() };
    await import(${JSON.stringify(pathToFileURL(path).href)});
    const after = { ms: performance.now(), processorMs: usedMs() };
    const took = { ms: after.ms - before.ms, processorMs: after.processorMs - before.processorMs };
    process.stdout.write(JSON.stringify(took), () => process.exit());
  `;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], {
    env: environment,
  });
  return JSON.parse(stdout);
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

function median(times: readonly ImportTime[]): ImportTime {
  return {
    ms: medianOf(times.map(({ ms }) => ms)),
    processorMs: medianOf(times.map(({ processorMs }) => processorMs)),
  };
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
