/**
 * What a cold start costs: the bytes of each bundle, the time of importing the webhook's, and its first request.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle, measureBundles, optionsOf } from './bundles.ts';
import { type ColdImport, measureColdImport } from './cold-import.ts';
import type { Delays } from './delays.ts';
import { type FirstRequest, measureFirstRequest } from './first-request.ts';
import { readService } from './service.ts';

export type ColdStart = {
  /** Of each function. */
  readonly bundles: readonly { readonly name: string; readonly bytes: number }[];
  readonly coldImport: ColdImportReport;
  readonly firstRequest: FirstRequest;
};

/** In a fresh process each; median. */
export type ColdImportReport = {
  readonly runs: number;
  readonly emptyHandlerMs: number;
  readonly bareClientMs: number;
  /** With what our bundles leave out. */
  readonly leanClientMs: number;
  readonly webhookMs: number;
  readonly ratioToBareClient: number;
};

export async function measureColdStart(runs: number, delays: Delays): Promise<ColdStart> {
  const sizes = Object.entries(await measureBundles());
  const imported = await measureColdImport({ runs });
  const folder = mkdtempSync(join(tmpdir(), 'call-router-webhook-'));
  try {
    const file = join(folder, 'webhook.mjs');
    const options = optionsOf(await readService());
    writeFileSync(file, await bundle(options, { entryPoints: ['functions/webhook.ts'] }));
    return {
      bundles: sizes.map(([name, bytes]) => ({ name, bytes })),
      coldImport: report(imported, runs),
      firstRequest: await measureFirstRequest(file, runs, delays),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function report({ webhook, bareClient, leanClient, empty }: ColdImport, runs: number): ColdImportReport {
  return {
    runs,
    emptyHandlerMs: empty.ms,
    bareClientMs: bareClient.ms,
    leanClientMs: leanClient.ms,
    webhookMs: webhook.ms,
    ratioToBareClient: webhook.ms / bareClient.ms,
  };
}
