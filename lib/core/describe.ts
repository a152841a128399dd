/**
 * Callers and errors as a log may show them: without a number, a name or a message that may quote one.
 */
import type { Caller } from './model.ts';
import { maskPhoneNumber } from './phone-number.ts';

export function describeCaller(caller: Caller): string {
  return caller.kind === 'identified' ? maskPhoneNumber(caller.phone) : caller.kind;
}

/** Name and place, without the message: that may quote what it failed on. */
export function describeError(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { error: typeof error };

  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return { error: error.name, at: frames?.join('\n') ?? '' };
}
