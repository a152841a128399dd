/**
 * Log and metrics as one. A report that can't be made must not cost a caller their agent: errors end here.
 */
import type { Report, Warn } from '../ports.ts';

export type Reports = { readonly report: Report; readonly warn: Warn };

export function joinReports(...sinks: readonly Reports[]): Reports {
  return {
    report: (report) => {
      for (const sink of sinks) dare(() => sink.report(report));
    },
    warn: (what, detail) => {
      for (const sink of sinks) dare(() => sink.warn(what, detail));
    },
  };
}

function dare(act: () => void): void {
  try {
    act();
  } catch {
    // Nothing is left to tell it to.
  }
}
