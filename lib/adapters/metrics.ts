/**
 * What a delivery came to, as CloudWatch metrics in the embedded format: no request, a line in the log.
 *
 * `Delivery` by `outcome` (`left`) and by `decision` (`left/unknown-caller`), `TimeToTransfer` in ms, and a count of
 * each trouble; most have an alarm.
 */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { DeliveryReport, WarningKind } from '../ports.ts';
import type { Reports } from './reports.ts';

export function createMetrics(serviceName: string, namespace: string): Reports {
  const metrics = new Metrics({ namespace, serviceName });

  return {
    report: (report) => {
      const { decision } = report;
      const { outcome } = decision;
      metrics.addDimensions({ outcome });
      metrics.addDimensions({ decision: 'because' in decision ? `${outcome}/${decision.because}` : outcome });
      metrics.addMetric('Delivery', MetricUnit.Count, 1);
      metrics.publishStoredMetrics();

      const measures = measure(report);
      for (const [name, unit, value] of measures) metrics.addMetric(name, unit, value);
      if (measures.length > 0) metrics.publishStoredMetrics();
    },
    warn: (what, { count = 1 }) => {
      metrics.addMetric(troubleMetrics[what], MetricUnit.Count, Number(count));
      metrics.publishStoredMetrics();
    },
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
  'install-failed': 'InstallFailed',
};

type Measure = readonly [name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number];

function measure({ event, decision, record, hop }: DeliveryReport): readonly Measure[] {
  const because = 'because' in decision ? decision.because : undefined;
  const measures: Measure[] = [];

  if (record?.timings.transferredMs !== undefined) {
    measures.push(['TimeToTransfer', MetricUnit.Milliseconds, record.timings.transferredMs]);
  }
  if (because === 'unauthorized') {
    measures.push([event === 'ring-to' ? 'RefusedRingToSecret' : 'RefusedToken', MetricUnit.Count, 1]);
  }
  const unreadable: (typeof because)[] = ['call-unreadable', 'contact-unreadable', 'unreadable-event'];
  if (unreadable.includes(because)) {
    measures.push(['UnreadableDelivery', MetricUnit.Count, 1]);
  }
  if (because === 'aircall-unauthorized' || because === 'aircall-forbidden') {
    measures.push(['CredentialsRefused', MetricUnit.Count, 1]);
  }
  // A caller who hung up before the transfer is nobody's failure.
  const hungUp = decision.outcome === 'left' && because === 'call-over';
  const isFailed = decision.outcome !== 'routed' && !hungUp;
  const attempts = (record ?? hop)?.attempts ?? [];
  if (isFailed && attempts.length > 0) {
    measures.push(['FailedTransfer', MetricUnit.Count, 1]);
  }
  return measures;
}
