/**
 * Who plays the people of a call: agents of one habit, or somebody who presses keys.
 */
import type { RemoteCall } from './remote-telephone.ts';
import type { StoryEvent } from './simulated-aircall/story.ts';

export type AgentHabit = 'answers' | 'declines' | 'ignores';

export type Habits = {
  /** Undefined: nobody does anything unless a key is pressed. */
  readonly habit: AgentHabit | undefined;
  readonly afterMs: number;
  readonly talkMs: number;
};

/** From when somebody talks; of a number outside, nothing more is told. */
const talkKinds: readonly StoryEvent['kind'][] = ['answers', 'transferred-outside', 'flow-rings-outside'];

export type Player = {
  readonly see: (event: StoryEvent) => void;
  /** `a`, `d`, `h`; Ctrl-C hangs up, too. Other keys do nothing. */
  readonly press: (key: string) => void;
  readonly close: () => void;
};

export function createPlayer(
  call: Pick<RemoteCall, 'answer' | 'decline' | 'hangUp'>,
  { habit, afterMs, talkMs }: Habits,
): Player {
  const ringing = new Set<number>();
  const timers = new Set<NodeJS.Timeout>();

  function see({ kind, agent }: StoryEvent): void {
    if (kind === 'rings' && agent !== undefined) {
      ringing.add(agent.userId);
      if (habit !== 'ignores') later(afterMs, () => react(agent.userId));
    }
    if (kind === 'stops-ringing' || kind === 'declines' || kind === 'answers')
      ringing.delete(agent?.userId ?? 0);
    if (talkKinds.includes(kind)) later(talkMs, call.hangUp);
  }

  function react(userId: number): Promise<boolean> {
    return habit === 'declines' ? call.decline(userId) : call.answer(userId);
  }

  function press(key: string): void {
    const [userId] = ringing;
    if (key === 'h' || key === '\u0003') carryOut(call.hangUp);
    if (key === 'a' && userId !== undefined) carryOut(() => call.answer(userId));
    if (key === 'd' && userId !== undefined) carryOut(() => call.decline(userId));
  }

  function later(ms: number, act: () => Promise<boolean>): void {
    if (habit !== undefined) timers.add(setTimeout(() => carryOut(act), ms));
  }

  /** What came of it is in the story; that the stack has gone is noticed there, too. */
  function carryOut(act: () => Promise<boolean>): void {
    act().catch(() => undefined);
  }

  return {
    see,
    press,
    close: () => {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
