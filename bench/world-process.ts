/**
 * The process that worlds live in, so that they don't take the time of what is measured. Ends with its parent.
 */
import { startWorld, type World } from './world.ts';
import type { Answer, Answered, Asked, Question } from './world-messages.ts';

const worlds: World[] = [];

process.on('message', ({ id, question }: Asked) => {
  answer(question).then(
    (answer) => tell({ id, answer }),
    (error: unknown) => tell({ id, error: error instanceof Error ? (error.stack ?? '') : String(error) }),
  );
});
process.on('disconnect', () => process.exit());

function tell(answered: Answered): void {
  process.send?.(answered);
}

async function answer(question: Question): Promise<Answer> {
  switch (question.kind) {
    case 'start': {
      const world = await startWorld(question.options);
      return { world: worlds.push(world) - 1, environment: world.environment };
    }
    case 'take-observed':
      return find(question.world).takeObserved();
    case 'free-agent':
      await find(question.world).freeAgent(question.email);
      return null;
    case 'transferred':
      return find(question.world).transferred();
  }
}

function find(index: number): World {
  const world = worlds[index];
  if (world === undefined) throw new Error(`there is no world ${index}`);
  return world;
}
