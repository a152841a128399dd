/**
 * How far a long work has come: a bar for whoever sits at a terminal, nothing in a log.
 */
import { MultiBar } from 'cli-progress';
import { cleanText } from './columns.ts';
import type { Output } from './shell.ts';

export type Progress = {
  readonly advance: (by: number) => void;
  /** A line above the bar. */
  readonly note: (line: string) => void;
  readonly stop: () => void;
};

export function startProgress(output: Output, total: number): Progress {
  if (!output.isTTY) {
    return {
      advance: () => undefined,
      note: (line) => output.write(`${cleanText(line)}\n`),
      stop: () => undefined,
    };
  }

  // Only this kind of bar lets lines be written above it. Without `gracefulExit` it leaves Ctrl-C alone.
  const bars = new MultiBar({
    stream: output,
    format: '{bar} {percentage} %',
    clearOnComplete: true,
    gracefulExit: false,
    linewrap: true,
  });
  const bar = bars.create(total, 0);
  return {
    advance: (by) => bar.increment(by),
    note: (line) => bars.log(`${cleanText(line)}\n`),
    stop: () => {
      bars.update();
      bars.stop();
    },
  };
}
