/**
 * What the process that measures and the one with the worlds in it say to each other.
 */
import type { EmailAddress } from '../lib/core/model.ts';
import type { Observed, WorldOptions } from './world.ts';

/** `world`: which one, in the order in which they were asked for. */
export type Question =
  | { readonly kind: 'start'; readonly options: WorldOptions }
  | { readonly kind: 'take-observed'; readonly world: number }
  | { readonly kind: 'free-agent'; readonly world: number; readonly email: EmailAddress }
  | { readonly kind: 'transferred'; readonly world: number };

export type Answers = {
  readonly start: { readonly world: number; readonly environment: Readonly<Record<string, string>> };
  readonly 'take-observed': Observed;
  readonly 'free-agent': null;
  readonly transferred: readonly string[];
};

export type Answer = Answers[Question['kind']];

export type Asked = { readonly id: number; readonly question: Question };
export type Answered = { readonly id: number; readonly answer?: Answer; readonly error?: string };
