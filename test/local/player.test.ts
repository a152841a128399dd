/** Who plays the people of a call. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AgentHabit, createPlayer, type Player } from '../../local/player.ts';
import type { StoryEvent } from '../../local/simulated-aircall/story.ts';

let did: string[];
beforeEach(() => {
  vi.useFakeTimers();
  did = [];
});
afterEach(() => void vi.useRealTimers());

function createPlayerOf(habit?: AgentHabit): Player {
  const call = {
    answer: async (userId: number) => did.push(`answer ${userId}`) > 0,
    decline: async (userId: number) => did.push(`decline ${userId}`) > 0,
    hangUp: async () => did.push('hang up') > 0,
  };
  return createPlayer(call, { habit, afterMs: 2_000, talkMs: 10_000 });
}
const event = (kind: StoryEvent['kind'], userId = 456): StoryEvent => ({
  callId: '1',
  atMs: 0,
  kind,
  from: 'anonymous',
  agent: { userId, name: 'Jane' },
});

describe('agents of a habit', () => {
  it('answer after a while, and the caller hangs up when they have talked', async () => {
    const player = createPlayerOf('answers');
    player.see(event('rings'));
    await vi.advanceTimersByTimeAsync(1_999);
    expect(did).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(did).toEqual(['answer 456']);

    player.see(event('answers'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(did).toEqual(['answer 456', 'hang up']);
  });

  it('talk outside, too, for as long', async () => {
    createPlayerOf('answers').see(event('flow-rings-outside'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(did).toEqual(['hang up']);
  });

  it('decline', async () => {
    createPlayerOf('declines').see(event('rings'));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(did).toEqual(['decline 456']);
  });

  it('let it ring', async () => {
    createPlayerOf('ignores').see(event('rings'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(did).toEqual([]);
  });

  it('do nothing once the call is over', async () => {
    const player = createPlayerOf('answers');
    player.see(event('rings'));
    player.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(did).toEqual([]);
  });
});

describe('keys', () => {
  it('answer and decline for whoever rings first, and hang up', () => {
    const player = createPlayerOf();
    player.press('a');
    for (const userId of [456, 457]) player.see(event('rings', userId));
    player.press('d');
    player.see(event('declines', 456));
    player.press('x');
    player.press('a');
    player.see(event('answers', 457));
    player.press('a');
    player.press('h');
    player.press('\u0003');
    expect(did).toEqual(['decline 456', 'answer 457', 'hang up', 'hang up']);
  });

  it('decide alone: nothing happens by itself', async () => {
    const player = createPlayerOf();
    player.see(event('rings'));
    player.see(event('answers'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(did).toEqual([]);
  });
});
