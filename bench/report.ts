/**
 * What a run of the bench found, as `--json` prints it.
 */
import type { Burst } from './burst.ts';
import type { ColdImportReport, ColdStart } from './cold-start.ts';
import type { FirstRequest } from './first-request.ts';
import type { Growth } from './growth.ts';
import type { Requests } from './requests.ts';
import type { TimeToTransfer } from './time-to-transfer.ts';

export type Report = {
  readonly machine: Machine;
  /** Fewer calls, smaller companies: good for a look, not for a figure. */
  readonly isQuick: boolean;
  readonly timeToTransfer: TimeToTransfer;
  /** The sequential round trips that nine of the router's calls in ten don't exceed. */
  readonly waves: number;
  /** Of the calls alone; `requests.refresh` comes beside them. */
  readonly aircallRequestsPerThousandCalls: number;
  readonly requests: Requests;
  readonly bundle: { readonly webhookBytes: number; readonly all: ColdStart['bundles'] };
  readonly coldImport: ColdImportReport;
  readonly firstRequest: FirstRequest;
  readonly growth: Growth;
  readonly burst: Burst;
};

export type Machine = {
  readonly node: string;
  readonly platform: string;
  readonly cores: number;
  /** What else it had to do when the run began: the load average of a minute. */
  readonly loadBefore: number;
};

export type Parts = Pick<
  Report,
  'isQuick' | 'machine' | 'timeToTransfer' | 'requests' | 'growth' | 'burst'
> & {
  readonly coldStart: ColdStart;
};

export function toReport({ coldStart, ...parts }: Parts): Report {
  const { bundles, coldImport, firstRequest } = coldStart;
  return {
    ...parts,
    waves: parts.timeToTransfer.waves.router,
    aircallRequestsPerThousandCalls: parts.requests.aircallPerThousandCalls,
    bundle: { webhookBytes: bundles.find(({ name }) => name === 'webhook')?.bytes ?? 0, all: bundles },
    coldImport,
    firstRequest,
  };
}
