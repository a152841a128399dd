/**
 * A call's story, as values: what happened, and what came of each delivery that told of it.
 */
import type { FlowAnswer } from './call-flow.ts';
import type { ToldKind } from './call-state.ts';
import type { CardContent } from './company.ts';
import type { Attempt } from './deliveries.ts';

/**
 * One line of a call's story. `agent`: whom it is about. `delivery`: what one attempt to deliver an event came to.
 * `card`: what they are shown of the caller. `answer`: what the call flow was answered, if it was in time.
 */
export type StoryEvent = {
  readonly callId: string;
  readonly atMs: number;
  readonly kind: ToldKind | 'delivery' | 'card' | 'asks' | 'flow-answer' | 'ended';
  readonly from: string;
  readonly agent?: { readonly userId: number; readonly name: string };
  readonly delivery?: Pick<Attempt, 'event' | 'attempt' | 'status' | 'answer'>;
  readonly card?: readonly CardContent[];
  readonly answer?: NonNullable<FlowAnswer>;
};
