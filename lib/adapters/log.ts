/**
 * One structured line for each delivery, and one for each trouble on the way. No names, numbers, tokens or bodies.
 */
import { maskPhoneNumber } from '../core/phone-number.ts';
import type { DeliveryReport } from '../ports.ts';
import type { Reports } from './reports.ts';
import { writeLine } from './write-line.ts';

export type LogSettings = {
  readonly service: string;
  /** What is not written: deliveries, or warnings, too. @default neither */
  readonly isQuietAbout?: { readonly info: boolean; readonly warn: boolean };
  /** X-Ray's id of the invocation that is running. */
  readonly readTraceId?: () => string | undefined;
};

export function createLog({ service, isQuietAbout, readTraceId }: LogSettings): Reports {
  function write(level: 'INFO' | 'WARN', message: string, fields: object): void {
    const timestamp = new Date().toISOString();
    writeLine({ level, message, timestamp, service, xray_trace_id: readTraceId?.(), ...fields });
  }

  return {
    report: ({ requestId, accountId, event, callId, caller, decision, tookMs, record, hop }) => {
      if (isQuietAbout?.info) return;

      write('INFO', 'delivery', {
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
      if (!isQuietAbout?.warn) write('WARN', what, detail);
    },
  };
}

/** A call may go to a number: of that, too, two digits are enough. */
function withoutNumber(decision: DeliveryReport['decision']) {
  if (decision.outcome !== 'routed' || decision.to.kind !== 'number') return decision;

  return { ...decision, to: { kind: 'number', phone: maskPhoneNumber(decision.to.phone) } };
}
