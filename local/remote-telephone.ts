/**
 * The telephone of a stack that runs in another process: see `simulated-aircall/telephone-routes.ts`.
 */
import type { PlacedCall, StoryPage } from './simulated-aircall/telephone-routes.ts';

export type RemoteCall = {
  readonly callId: string;
  /** What has happened since the last look. */
  readonly readOn: () => Promise<StoryPage>;
  /** Each returns whether it could be done. */
  readonly answer: (userId: number) => Promise<boolean>;
  readonly decline: (userId: number) => Promise<boolean>;
  readonly hangUp: () => Promise<boolean>;
};

/** What `placeRemoteCall` throws where somebody answers there, and refuses the call. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof Error && error.cause === 'refused';
}

/** @throws if nobody answers there, or the call is refused */
export async function placeRemoteCall(aircallUrl: string, call: PlacedCall): Promise<RemoteCall> {
  const placed = await post('calls', call);
  const { callId, error } = (await placed.json()) as { callId: string; error: string };
  if (!placed.ok) throw new Error(`the telephone refused the call: ${error}`, { cause: 'refused' });

  let after = 0;

  return {
    callId,
    readOn: async () => {
      const response = await fetch(`${aircallUrl}/telephone/calls/${callId}/story?after=${after}`);
      const page = (await response.json()) as StoryPage;
      after = page.next;
      return page;
    },
    answer: async (userId) => (await post(`calls/${callId}/answer`, { userId })).ok,
    decline: async (userId) => (await post(`calls/${callId}/decline`, { userId })).ok,
    hangUp: async () => (await post(`calls/${callId}/hang-up`, { by: 'caller' })).ok,
  };

  function post(path: string, body: object): Promise<Response> {
    return fetch(`${aircallUrl}/telephone/${path}`, { method: 'POST', body: JSON.stringify(body) });
  }
}
