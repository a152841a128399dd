/**
 * How long importing a bundle takes in a fresh process, beside the bare DynamoDB client and an empty handler.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { ColdImport } from './cold-start.ts';
import { medianOf } from './percentiles.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

export async function measureColdImport(webhookFile: string, runs: number): Promise<ColdImport> {
  const folder = mkdtempSync(join(tmpdir(), 'call-router-import-'));
  const empty = join(folder, 'empty.mjs');
  const bare = join(folder, 'bare.mjs');
  writeFileSync(empty, 'export const handler = async () => undefined;');
  await build({
    stdin: {
      contents: `import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
        export const client = new DynamoDBClient({}); export const handler = async () => undefined;`,
      resolveDir: root,
    },
    outfile: bare,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    banner: {
      js: "import { createRequire as createRequireForBundle } from 'node:module';const require=createRequireForBundle(import.meta.url);",
    },
  });
  const times: [string, number[]][] = [
    [empty, []],
    [bare, []],
    [webhookFile, []],
  ];
  for (let run = 0; run < runs; run += 1) for (const [file, ms] of times) ms.push(importOnce(file));
  rmSync(folder, { recursive: true, force: true });

  const [emptyHandlerMs = 0, bareClientMs = 0, webhookMs = 0] = times.map(([, ms]) => medianOf(ms));
  return { runs, emptyHandlerMs, bareClientMs, webhookMs, ratioToBareClient: webhookMs / bareClientMs };
}

function importOnce(file: string): number {
  const script = `const begun = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); console.log(performance.now() - begun); process.exit()`;
  const env = {
    ...process.env,
    AWS_REGION: 'eu-west-1',
    AIRCALL_API_ID: 'id',
    AIRCALL_API_TOKEN: 'token',
    AIRCALL_WEBHOOK_TOKENS: 'token',
    TABLE_NAME: 'table',
    RING_TIMERS_QUEUE_URL: 'http://127.0.0.1:1/queue',
  };
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { env }));
}
