/**
 * What is asked of the figures.
 */
import type { Burst } from './burst.ts';
import type { Growth } from './growth.ts';
import type { Report } from './report.ts';

export type Bar = { readonly says: string; readonly measured: string; readonly isMet: boolean };

const mostOfFloor = 1.15;
const mostOfTutorial = 0.6;
const mostWaves = 3;
const mostAircallRequests = 1000;
const mostWebhookBytes = 400_000;
const mostOfBareClient = 1.5;
const mostGrowth = 0.05;
const mostAnswerMs = 5000;

export function judge(report: Report): readonly Bar[] {
  const { timeToTransfer, waves, aircallRequestsPerThousandCalls, bundle, coldImport, growth, burst } =
    report;
  return [
    atMost('time to transfer, p50, to the floor', timeToTransfer.ratioToFloor.p50, mostOfFloor),
    atMost('time to transfer, p50, to the tutorial', timeToTransfer.ratioToTutorial.p50, mostOfTutorial),
    atMost('sequential round trips', waves, mostWaves),
    atMost('Aircall requests of 1,000 calls', aircallRequestsPerThousandCalls, mostAircallRequests),
    atMost('bytes of the webhook’s bundle', bundle.webhookBytes, mostWebhookBytes),
    atMost('its import, to the bare DynamoDB client', coldImport.ratioToBareClient, mostOfBareClient),
    judgeGrowth(growth),
    atMost('burst: deliveries not answered 200', burst.notAnswered200, 0),
    judgeSlowest(burst),
    judgeTransfers(burst),
    atMost('burst: calls transferred twice', burst.transferredTwice, 0),
    atMost('burst: calls lost from the record', burst.lost, 0),
  ];
}

function atMost(what: string, value: number, limit: number): Bar {
  const shown = Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : 0);
  return { says: `${what} ≤ ${limit}`, measured: shown, isMet: value <= limit };
}

/** Three times what a twin of the smallest company differs by, where that is more. */
function judgeGrowth({ sizes, noise }: Growth): Bar {
  const allowed = Math.max(mostGrowth, 3 * noise);
  const most = Math.max(...sizes.map(({ ratioToSmallest }) => ratioToSmallest));
  return {
    says: `time to transfer, p50, of any size over the smallest ≤ ${percent(allowed)}`,
    measured: percent(most - 1),
    isMet: most <= 1 + allowed,
  };
}

function judgeSlowest({ slowestMs }: Burst): Bar {
  return {
    says: `burst: slowest answer < ${mostAnswerMs} ms`,
    measured: slowestMs.toFixed(0),
    isMet: slowestMs < mostAnswerMs,
  };
}

function judgeTransfers({ deliveries, duplicates, requestsPerMinute, transfers }: Burst): Bar {
  const wanted = Math.min(requestsPerMinute, deliveries - duplicates);
  return { says: `burst: transfers = ${wanted}`, measured: String(transfers), isMet: transfers === wanted };
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}
