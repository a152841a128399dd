/** A question with two answers; the end of the input is a no. */
import { createInterface } from 'node:readline';
import type { Input, Output } from './shell.ts';

export function confirm(question: string, input: Input, output: Output): Promise<boolean> {
  const terminal = createInterface({ input, output });
  return new Promise((resolve) => {
    terminal.once('close', () => resolve(false));
    terminal.question(`${question} [y/N] `, (answer) => {
      resolve(/^y(es)?$/i.test(answer.trim()));
      terminal.close();
    });
  });
}
