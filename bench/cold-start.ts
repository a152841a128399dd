/**
 * What a cold start costs: the bytes of each bundle, the time of importing the webhook's, and its first request.
 */
import { measureBundles } from './bundles.ts';
import { measureColdImport } from './cold-import.ts';
import type { Delays } from './delays.ts';
import { type FirstRequest, measureFirstRequest } from './first-request.ts';

/** What is deployed of one function. */
export type Bundle = {
  /** The function's, `webhook`. */
  readonly name: string;
  readonly bytes: number;
  /** Where it lies unpacked for as long as this process runs. */
  readonly file: string;
};

export type MeasureBundles = () => Promise<readonly Bundle[]>;

/** In a fresh process each; median. */
export type ColdImport = {
  readonly runs: number;
  readonly emptyHandlerMs: number;
  readonly bareClientMs: number;
  readonly webhookMs: number;
  readonly ratioToBareClient: number;
};

export type MeasureColdImport = (webhookFile: string, runs: number) => Promise<ColdImport>;

export type ColdStart = {
  readonly bundles: readonly Omit<Bundle, 'file'>[];
  readonly coldImport: ColdImport;
  readonly firstRequest: FirstRequest;
};

export async function measureColdStart(runs: number, delays: Delays): Promise<ColdStart> {
  const bundles = await (measureBundles satisfies MeasureBundles)();
  const webhook = bundles.find(({ name }) => name === 'webhook');
  if (webhook === undefined) throw new Error('there is no bundle of the webhook');

  return {
    bundles: bundles.map(({ name, bytes }) => ({ name, bytes })),
    coldImport: await (measureColdImport satisfies MeasureColdImport)(webhook.file, runs),
    firstRequest: await measureFirstRequest(webhook.file, runs, delays),
  };
}
