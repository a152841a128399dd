/**
 * One structured line for each delivery, and one for each trouble on the way. No names, numbers, tokens or bodies.
 */
import { Logger } from '@aws-lambda-powertools/logger';
import { maskPhoneNumber } from '../core/phone-number.ts';
import type { DeliveryReport } from '../ports.ts';
import type { Reports } from './reports.ts';

export function createLog(serviceName: string): Reports {
  const logger = new Logger({ serviceName });

  return {
    report: ({ requestId, accountId, event, callId, caller, decision, tookMs, record, hop }) => {
      logger.info('delivery', {
        requestId,
        accountId,
        event,
        callId,
        caller,
        ...withoutNumber(decision),
        tookMs,
        ...(hop && { hop: hop.hop, cause: hop.cause }),
        timings: (record ?? hop)?.timings,
      });
    },
    warn: (what, detail) => {
      logger.warn(what, detail);
    },
  };
}

/** A call may go to a number: of that, too, two digits are enough. */
function withoutNumber(decision: DeliveryReport['decision']) {
  if (decision.outcome !== 'routed' || decision.to.kind !== 'number') return decision;

  return { ...decision, to: { kind: 'number', phone: maskPhoneNumber(decision.to.phone) } };
}
