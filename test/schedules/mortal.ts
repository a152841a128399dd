/**
 * Requests of an invocation that may meet its fate at any of them: die before it, after it, or while it is on its way; or
 * live on with an answer that was lost. Whoever is dead asks for nothing more and hears nothing more; it is not told so,
 * for nobody could catch that. What is on its way when its sender dies is carried out all the same.
 */
import type { MovedTime } from './moved-time.ts';

/** Of the `at`th request of an invocation, counted from 1. */
export type Fate = { readonly at: number } & (
  | { readonly kind: 'dies-before' }
  | { readonly kind: 'dies-after' }
  /** Carried out so much later than it was sent. */
  | { readonly kind: 'dies-while'; readonly lateMs: number }
  /** The connection breaks: the request is over, and perhaps done. */
  | { readonly kind: 'answer-lost'; readonly isDone: boolean }
  /** Given up on, and carried out so much later than it was sent. */
  | { readonly kind: 'no-answer'; readonly lateMs: number }
  /** The answer of a first one was lost; the client has sent it again. */
  | { readonly kind: 'sent-twice' }
);

export type Mortal = {
  readonly fates: readonly Fate[];
  readonly die: () => void;
  /** How far its clock is ahead. */
  readonly skewMs: number;
  isDead: boolean;
  /** What it asked for, in order. */
  readonly asked: string[];
  /** Requests it has no answer to. */
  underWay: number;
};

/** One request that is about to be sent. */
export type Sent<Answer> = {
  readonly carryOut: () => Promise<Answer>;
  /** It will not be carried out. */
  readonly lose?: () => void;
  /** Its sender is told. */
  readonly hear?: (answer: Answer) => void;
};

/** What a client says when it has no answer. */
export type Client<Answer> = {
  readonly lost: Answer;
  readonly givenUp: Answer;
  readonly noTimeLeft: Answer;
  readonly givesUpAfterMs: number;
  /** Nothing is carried out later than this. */
  readonly latestMs: number;
  /** Between what is done and its answer others may do something, too. */
  readonly isFarAway: boolean;
};

export type Port<Given extends readonly unknown[], Answer> = (...given: Given) => Promise<Answer>;

export type MakeMortal<Soul extends Mortal> = <Given extends readonly unknown[], Answer>(
  name: string,
  send: (soul: Soul, ...given: Given) => Sent<Answer>,
  client: Client<Answer>,
) => Port<Given, Answer>;

/**
 * @param current who asks
 * @param paceOf how long the request takes
 */
export function createMortalPorts<Soul extends Mortal>(
  time: MovedTime,
  current: () => Soul,
  paceOf: (name: string) => number,
): MakeMortal<Soul> {
  return <Given extends readonly unknown[], Answer>(
    name: string,
    send: (soul: Soul, ...given: Given) => Sent<Answer>,
    client: Client<Answer>,
  ) =>
    (...given: Given) =>
      new Promise<Answer>((resolve) => {
        const soul = current();
        if (soul.isDead) return;
        const at = soul.asked.push(name);
        const fate = soul.fates.find((one) => one.at === at);
        if (fate?.kind === 'dies-before') return soul.die();

        const sentAtMs = time.now();
        // Every port's last argument, on the clock of whoever asks.
        const deadlineMs = Number(given.at(-1)) - soul.skewMs;
        if (deadlineMs <= sentAtMs) return resolve(client.noTimeLeft);

        const sent = send(soul, ...given);
        soul.underWay += 1;
        const hear = (answer: Answer) => {
          if (soul.isDead) return;
          soul.underWay -= 1;
          sent.hear?.(answer);
          resolve(answer);
        };
        const paceMs = paceOf(name);
        const givenUpAtMs = Math.min(deadlineMs, sentAtMs + client.givesUpAfterMs);
        const giveUp = () => time.at(givenUpAtMs, () => hear(client.givenUp));
        const carryOutAt = (atMs: number) => time.at(atMs, sent.carryOut);

        switch (fate?.kind) {
          case 'dies-while':
            carryOutAt(sentAtMs + Math.min(fate.lateMs, client.latestMs));
            return soul.die();
          case 'answer-lost':
            time.at(sentAtMs + paceMs, () => {
              if (fate.isDone) void sent.carryOut();
              else sent.lose?.();
            });
            if (sentAtMs + paceMs > givenUpAtMs) return giveUp();
            return time.at(sentAtMs + paceMs, () => hear(client.lost));
          case 'no-answer':
            carryOutAt(sentAtMs + Math.min(fate.lateMs, client.latestMs));
            return giveUp();
          case 'sent-twice':
            carryOutAt(sentAtMs + Math.ceil(paceMs / 2));
            break;
          case 'dies-after':
            return time.at(sentAtMs + paceMs, () => {
              void sent.carryOut();
              if (!soul.isDead) soul.die();
            });
        }
        if (sentAtMs + paceMs > givenUpAtMs) {
          carryOutAt(sentAtMs + paceMs);
          return giveUp();
        }
        if (!client.isFarAway) return time.at(sentAtMs + paceMs, async () => hear(await sent.carryOut()));
        time.at(sentAtMs + Math.floor(paceMs / 2), async () => {
          const answer = await sent.carryOut();
          time.at(sentAtMs + paceMs, () => hear(answer));
        });
      });
}
