/**
 * What a delivery came to, as CloudWatch metrics in the embedded format: no request, a line in the log.
 *
 * `Delivery` by `outcome` (`left`) and by `decision` (`left/unknown-caller`), `TimeToTransfer` in ms, and a count of
 * each trouble; most have an alarm.
 */
import type { DeliveryReport, WarningKind } from '../ports.ts';
import type { Reports } from './reports.ts';
import { writeLine } from './write-line.ts';

export function createMetrics(service: string, namespace: string): Reports {
  /** By the service as a whole, or by each of the dimensions beside it. */
  function publish(measures: readonly Measure[], dimensions: Readonly<Record<string, string>> = {}): void {
    const names = Object.keys(dimensions);
    writeLine({
      _aws: {
        Timestamp: Date.now(),
        CloudWatchMetrics: [
          {
            Namespace: namespace,
            Dimensions: names.length === 0 ? [['service']] : names.map((name) => ['service', name]),
            Metrics: measures.map(([Name, Unit]) => ({ Name, Unit })),
          },
        ],
      },
      service,
      ...dimensions,
      ...Object.fromEntries(measures.map(([name, , value]) => [name, value])),
    });
  }

  return {
    report: (report) => {
      const { decision } = report;
      const { outcome } = decision;
      const named = 'because' in decision ? `${outcome}/${decision.because}` : outcome;
      publish([['Delivery', 'Count', 1]], { outcome, decision: named });

      const measures = measure(report);
      if (measures.length > 0) publish(measures);
    },
    warn: (what, { count = 1 }) => publish([[troubleMetrics[what], 'Count', Number(count)]]),
  };
}

const troubleMetrics: Record<WarningKind, string> = {
  'store-trouble': 'StoreUnavailable',
  'item-unreadable': 'ItemUnreadable',
  'settle-failed': 'SettleFailed',
  'aircall-trouble': 'AircallTrouble',
  'insight-card-failed': 'InsightCardFailed',
  'unexpected-error': 'UnexpectedError',
  'users-unreadable': 'UnreadableUser',
  'agents-unreadable': 'ItemUnreadable',
  'availabilities-unreadable': 'UnreadableUser',
  'presence-corrected': 'PresenceCorrected',
  'queue-trouble': 'QueueTrouble',
  'webhook-was-off': 'WebhookWasOff',
  'webhook-events-corrected': 'WebhookEventsCorrected',
  'webhook-gone': 'WebhookGone',
  'webhook-made-again': 'WebhookMadeAgain',
  'credentials-closed': 'CredentialsClosed',
  'first-refresh-failed': 'FirstRefreshFailed',
  'webhook-left-over': 'WebhookLeftOver',
  'install-failed': 'InstallFailed',
  'install-refused': 'InstallRefused',
};

type Measure = readonly [name: string, unit: 'Count' | 'Milliseconds', value: number];

function measure({ event, decision, record, hop }: DeliveryReport): readonly Measure[] {
  const because = 'because' in decision ? decision.because : undefined;
  const measures: Measure[] = [];

  if (record?.timings.transferredMs !== undefined) {
    measures.push(['TimeToTransfer', 'Milliseconds', record.timings.transferredMs]);
  }
  if (because === 'unauthorized') {
    measures.push([event === 'ring-to' ? 'RefusedRingToSecret' : 'RefusedToken', 'Count', 1]);
  }
  const unreadable: (typeof because)[] = ['call-unreadable', 'contact-unreadable', 'unreadable-event'];
  if (unreadable.includes(because)) {
    measures.push(['UnreadableDelivery', 'Count', 1]);
  }
  if (because === 'aircall-unauthorized' || because === 'aircall-forbidden') {
    measures.push(['CredentialsRefused', 'Count', 1]);
  }
  // A caller who hung up before the transfer is nobody's failure.
  const hungUp = decision.outcome === 'left' && because === 'call-over';
  const isFailed = decision.outcome !== 'routed' && !hungUp;
  const attempts = (record ?? hop)?.attempts ?? [];
  if (isFailed && attempts.length > 0) {
    measures.push(['FailedTransfer', 'Count', 1]);
  }
  return measures;
}
