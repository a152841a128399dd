/**
 * The charts of `docs/bench/`, by file name.
 */
import type { BarChart, BarGroup } from './bar-chart.ts';
import type { Grown } from './growth.ts';
import type { Report } from './report.ts';

export function chartsOf(report: Report): Readonly<Record<string, BarChart>> {
  return {
    'time-to-transfer.svg': chartTimeToTransfer(report),
    'cold-start.svg': chartColdStart(report),
    'growth.svg': chartGrowth(report),
  };
}

function chartTimeToTransfer({ timeToTransfer }: Report): BarChart {
  const { calls, dynamodbDelayMs, aircallDelayMs, floor, router, tutorial } = timeToTransfer;
  return {
    title: 'Time to transfer, warm',
    description: `${calls} calls each, in turn; DynamoDB behind ${dynamodbDelayMs} ms, Aircall behind ${aircallDelayMs} ms`,
    unit: 'ms',
    groups: (['p50', 'p90', 'p99'] as const).map((part) => ({
      label: part,
      bars: [
        { label: 'floor: two round trips', value: floor[part] },
        { label: 'this router', value: router[part], isOurs: true },
        { label: 'tutorial’s router', value: tutorial[part] },
      ],
    })),
  };
}

function chartColdStart({ coldImport, firstRequest, timeToTransfer }: Report): BarChart {
  return {
    title: 'Cold start',
    description: `Fresh processes on this machine, median of ${coldImport.runs} each`,
    unit: 'ms',
    groups: [
      {
        label: 'Import',
        bars: [
          { label: 'empty handler', value: coldImport.emptyHandlerMs },
          { label: 'bare DynamoDB client', value: coldImport.bareClientMs },
          { label: 'this router', value: coldImport.webhookMs, isOurs: true },
        ],
      },
      {
        label: 'A call, until it is answered',
        bars: [
          { label: 'warm', value: timeToTransfer.untilAnswered.router.p50 },
          { label: 'first of a container', value: firstRequest.answeredMs, isOurs: true },
        ],
      },
    ],
  };
}

function chartGrowth({ growth }: Report): BarChart {
  const [smallest] = growth.sizes;
  if (smallest === undefined) throw new Error('no company was measured');
  const { contacts, agents, rules } = smallest.size;

  const groupOf = (of: 'contacts' | 'agents' | 'rules'): BarGroup => ({
    label: of[0]?.toUpperCase() + of.slice(1),
    bars: [smallest, ...growth.sizes.filter((grown) => grown.of === of)].map((grown: Grown) => ({
      label: grown.size[of].toLocaleString('en'),
      value: grown.timeToTransfer.p50,
      isOurs: true,
    })),
  });
  return {
    title: 'Time to transfer as a company grows, p50',
    description: `From ${contacts} contacts, ${agents} agents and ${rules} rule upwards; ${growth.callsOfEach} calls each, in turn`,
    unit: 'ms',
    groups: [groupOf('contacts'), groupOf('agents'), groupOf('rules')],
  };
}
