import { expect, it } from 'vitest';
import { joinReports } from '../../lib/adapters/reports.ts';
import { routedRecord } from '../builders.ts';

it('every sink is told, although one before it breaks', () => {
  const told: string[] = [];
  const breaking = () => {
    throw new Error('full disk');
  };
  const { report, warn } = joinReports(
    { report: breaking, warn: breaking },
    { report: ({ requestId }) => told.push(requestId), warn: (what) => told.push(what) },
  );
  report({ requestId: 'request-1', decision: routedRecord().decision, tookMs: 1 });
  warn('store-trouble', {});
  expect(told).toEqual(['request-1', 'store-trouble']);
});
