/**
 * A call on the telephone of an `npm start`, for a test that waits for what happens: by looking, since it happens in
 * another process, in real time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { placeRemoteCall, type RemoteCall } from '../../local/remote-telephone.ts';
import type { StoryEvent } from '../../local/simulated-aircall/story.ts';
import type { PlacedCall } from '../../local/simulated-aircall/telephone-routes.ts';

export type WatchedCall = Omit<RemoteCall, 'readOn'> & {
  /** Waits for the first event like this. @throws with the story so far where none comes */
  readonly see: (description: string, isIt: (event: StoryEvent) => boolean) => Promise<StoryEvent>;
  readonly seeRinging: (userId: number) => Promise<StoryEvent>;
  /** Waits until the router has taken a delivery. @returns its answer */
  readonly seeDelivered: (event: string) => Promise<object>;
  /** Hangs up, and waits until the router knows. */
  readonly end: () => Promise<void>;
  /** Whom the router transferred it to so far, in order. */
  readonly transferredTo: () => Promise<readonly (number | undefined)[]>;
};

const lookEveryMs = 25;
const patienceMs = 15_000;

export async function placeWatchedCall(aircallUrl: string, placed: PlacedCall): Promise<WatchedCall> {
  const { readOn, ...call } = await placeRemoteCall(aircallUrl, placed);
  const story: StoryEvent[] = [];

  async function see(description: string, isIt: (event: StoryEvent) => boolean): Promise<StoryEvent> {
    for (const untilMs = Date.now() + patienceMs; Date.now() < untilMs; await sleep(lookEveryMs)) {
      story.push(...(await readOn()).events);
      const found = story.find(isIt);
      if (found !== undefined) return found;
    }
    throw new Error(`waited in vain for ${description}: ${JSON.stringify(story, undefined, 1)}`);
  }

  async function seeDelivered(name: string): Promise<object> {
    const isIt = ({ delivery }: StoryEvent) => delivery?.event === name && delivery.status === 200;
    return JSON.parse((await see(`${name} to be taken`, isIt)).delivery?.answer ?? '{}');
  }

  return {
    ...call,
    see,
    seeRinging: (userId) =>
      see(`the phone of ${userId}`, ({ kind, agent }) => kind === 'rings' && agent?.userId === userId),
    seeDelivered,
    async end() {
      await call.hangUp();
      await seeDelivered('call.hungup');
    },
    async transferredTo() {
      story.push(...(await readOn()).events);
      return story.filter(({ kind }) => kind === 'transferred').map(({ agent }) => agent?.userId);
    },
  };
}
