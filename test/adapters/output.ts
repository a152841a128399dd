/**
 * What is written to stdout and stderr, line by line: log and metrics go there directly, past `console`.
 */
import { vi } from 'vitest';

export type Output = {
  readonly text: () => string;
  /** Every line as JSON. Throws where one is none. */
  readonly lines: () => Record<string, unknown>[];
  readonly release: () => void;
};

export function captureOutput(): Output {
  let text = '';
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      text += String(chunk);
      return true;
    }),
  );

  return {
    text: () => text,
    lines: () =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    release: () => {
      for (const spy of spies) spy.mockRestore();
    },
  };
}
