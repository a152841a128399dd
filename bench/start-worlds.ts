/**
 * Worlds in a process of their own, as whoever measures sees them.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { EmailAddress } from '../lib/core/model.ts';
import type { Observed, WorldOptions } from './world.ts';
import type { Answered, Answers, Asked, Question } from './world-messages.ts';

export type FarWorld = {
  readonly options: WorldOptions;
  readonly environment: Readonly<Record<string, string>>;
  readonly takeObserved: () => Promise<Observed>;
  readonly freeAgent: (email: EmailAddress) => Promise<unknown>;
  readonly transferred: () => Promise<readonly string[]>;
};

/** Lets `use` have worlds like these, all in one process, which ends with it. */
export async function withWorlds<Result>(
  options: readonly WorldOptions[],
  use: (worlds: readonly FarWorld[]) => Promise<Result>,
): Promise<Result> {
  const child = fork(fileURLToPath(new URL('world-process.ts', import.meta.url)), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, (answered: Answered) => void>();
  child.on('message', (answered: Answered) => {
    waiting.get(answered.id)?.(answered);
    waiting.delete(answered.id);
  });
  child.once('exit', () => {
    for (const [id, settle] of waiting) settle({ id, error: 'the process with the worlds ended' });
  });

  let lastId = 0;
  async function ask<Kind extends Question['kind']>(
    question: Question & { readonly kind: Kind },
  ): Promise<Answers[Kind]> {
    lastId += 1;
    const asked: Asked = { id: lastId, question };
    const { answer, error } = await new Promise<Answered>((resolve) => {
      waiting.set(asked.id, resolve);
      child.send(asked);
    });
    if (error !== undefined) throw new Error(error);
    return answer as Answers[Kind];
  }

  try {
    const worlds: FarWorld[] = [];
    for (const one of options) {
      const { world, environment } = await ask({ kind: 'start', options: one });
      worlds.push({
        options: one,
        environment,
        takeObserved: () => ask({ kind: 'take-observed', world }),
        freeAgent: (email) => ask({ kind: 'free-agent', world, email }),
        transferred: () => ask({ kind: 'transferred', world }),
      });
    }
    return await use(worlds);
  } finally {
    if (child.exitCode === null) {
      child.disconnect();
      await once(child, 'exit');
    }
  }
}
