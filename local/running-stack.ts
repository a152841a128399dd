/**
 * The stack of an `npm start` that runs, by the word it leaves of itself in `stack.json`.
 */
import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { stackFile } from './folder.ts';

const stackWord = z.object({
  environment: z.object({ AIRCALL_API_URL: z.string() }),
  pid: z.int().check(z.positive()),
});

/** Where its simulated Aircall is; undefined where none runs. A stack that was killed leaves its file behind. */
export function findRunningAircall(): string | undefined {
  try {
    const { environment, pid } = stackWord.parse(JSON.parse(readFileSync(stackFile(), 'utf8')));
    // Signal 0 is not sent: it fails where nobody is there to get it.
    process.kill(pid, 0);
    return environment.AIRCALL_API_URL;
  } catch {
    return undefined;
  }
}
