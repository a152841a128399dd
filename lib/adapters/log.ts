/**
 * One structured line for each delivery, and one for each trouble on the way. No names, numbers, tokens or bodies.
 */
import { Logger } from '@aws-lambda-powertools/logger';
import type { Reports } from './reports.ts';

export function createLog(serviceName: string): Reports {
  const logger = new Logger({ serviceName });

  return {
    report: ({ requestId, event, callId, caller, decision, tookMs, record }) => {
      logger.info('delivery', {
        requestId,
        event,
        callId,
        caller,
        ...decision,
        tookMs,
        timings: record?.timings,
      });
    },
    warn: (what, detail) => {
      logger.warn(what, detail);
    },
  };
}
