/**
 * A call's story in plain English: one line for each thing that happens.
 */
import type { CardContent } from './simulated-aircall/company.ts';
import type { StoryEvent } from './simulated-aircall/story.ts';

/** @param startedAtMs from when the seconds count; `hasKeys`: somebody at the terminal can answer */
export function tellStory(event: StoryEvent, startedAtMs: number, hasKeys: boolean): string {
  const seconds = ((event.atMs - startedAtMs) / 1000).toFixed(1).padStart(6);
  return `${seconds} s  ${describe(event, hasKeys)}`;
}

const noAnswer = 'no answer from the router';

function describe(event: StoryEvent, hasKeys: boolean): string {
  const who = event.agent === undefined ? 'somebody' : `${event.agent.name} (${event.agent.userId})`;
  switch (event.kind) {
    case 'calls':
      return `call ${event.callId}: ${event.from} is calling`;
    case 'announced':
      return 'Aircall announces the call';
    case 'asks':
      return 'the call flow asks the router who should ring';
    case 'flow-answer':
      return `  ring-to → ${event.answer === undefined ? noAnswer : `${event.answer.status} ${event.answer.text}`}`;
    case 'flow-rings':
      return `the call flow rings ${who}`;
    case 'flow-rings-outside':
      return 'the call flow rings a number outside';
    case 'flow-falls-back':
      return 'the call flow goes on to its fallback';
    case 'rings':
      return `${who}: the phone rings${hasKeys ? ': (a)nswer, (d)ecline, (h)ang up the caller, or let it ring' : ''}`;
    case 'stops-ringing':
      return `${who}: the phone stops ringing`;
    case 'answers':
      return `${who} answers${hasKeys ? ': (h)ang up when you have talked enough' : ''}`;
    case 'declines':
      return `${who} declines`;
    case 'transferred':
      return `the router transfers it to ${who}`;
    case 'transferred-outside':
      return 'the router transfers it to a number outside';
    case 'taken-away':
      return `the call is taken away from ${who} in mid-conversation`;
    case 'not-reached':
      return `${who} could not be reached`;
    case 'waits':
      return 'no phone rings: the caller waits';
    case 'hangs-up':
      return `the call is over: ${event.agent === undefined ? 'the caller' : who} hung up`;
    case 'missed':
      return 'the call is over: nobody answered';
    case 'card':
      return `${event.agent === undefined ? 'nobody' : who} sees: ${(event.card ?? []).map(describeContent).join(' · ')}`;
    case 'ended':
      return 'the call’s last event is sent';
    case 'delivery':
      return `  ${describeDelivery(event.delivery)}`;
  }
}

function describeContent(content: CardContent): string {
  return content.type === 'title' ? content.text : `${content.label}: ${content.text}`;
}

function describeDelivery(delivery: StoryEvent['delivery']): string {
  if (delivery === undefined) return '';

  const { event, attempt, status, answer } = delivery;
  const again = attempt > 1 ? ` (attempt ${attempt})` : '';
  if (status === undefined) return `${event}${again} → ${noAnswer}`;
  return `${event}${again} → ${[status, ...readOutcome(answer)].join(' ')}`;
}

/** What the router says of a delivery. Aircall does not care; whoever watches does. */
function readOutcome(answer: string): readonly string[] {
  try {
    const { outcome, because } = JSON.parse(answer);
    return [outcome, because].filter((part) => typeof part === 'string');
  } catch {
    return [];
  }
}
