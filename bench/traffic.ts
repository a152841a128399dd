/**
 * Mixed traffic, as it may come: calls of contacts, some announced again, and their ends; between them every sample delivery of
 * `events/`, the malformed and the refused among them.
 */
import { callIdOf, readSampleEvents, type SampleEvent, stampBody } from '../local/sample-events.ts';
import { localWebhookToken } from '../local/stack.ts';
import { type Announcement, announce } from './announcement.ts';
import { phoneOf } from './company.ts';

export type TrafficKind = 'call' | 'duplicate' | 'end of a call' | 'sample' | 'refused';

export type TrafficDelivery = {
  readonly kind: TrafficKind;
  readonly body: string;
  /** The status it has to be answered with. */
  readonly expectedStatus: number;
  readonly callId?: string;
};

/** One after the other, for as long as there are contacts to call. */
const turns: readonly ('call' | 'duplicate' | 'end of a call' | 'sample')[] = [
  'call',
  'sample',
  'call',
  'sample',
  'duplicate',
  'sample',
  'call',
  'sample',
  'end of a call',
  'sample',
];

/** A call is announced again, and over, this many deliveries after it began. */
const againAfter = 2;
const overAfter = 60;

export function* createTraffic(contacts: number): Generator<TrafficDelivery, never> {
  const samples = readSampleEvents();
  const hungup = samples.find(({ file }) => file === 'call-hungup.json');
  if (hungup === undefined) throw new Error('no sample call-hungup.json');
  const calls: Announcement[] = [];

  for (let count = 0; ; count += 1) {
    const turn = turns[count % turns.length] ?? 'call';
    const [again, over] = [calls.at(-againAfter), calls.at(-overAfter)];
    if (turn === 'duplicate' && again !== undefined) yield { kind: turn, ...toDelivery(again) };
    else if (turn === 'end of a call' && over !== undefined) yield { kind: turn, ...endOf(over, hungup) };
    else if (turn === 'sample') yield ofSample(samples[Math.floor(count / 2) % samples.length] ?? hungup);
    else {
      const call = announce(phoneOf(calls.length % contacts));
      calls.push(call);
      yield { kind: 'call', ...toDelivery(call) };
    }
  }
}

function toDelivery({ callId, body }: Announcement) {
  return { callId, body, expectedStatus: 200 };
}

function endOf({ callId }: Announcement, hungup: SampleEvent) {
  const event = JSON.parse(stampBody(hungup, localWebhookToken, Date.now())) as { data: object };
  const body = JSON.stringify({ ...event, data: { ...event.data, id: Number(callId) } });
  return { body, expectedStatus: 200 };
}

function ofSample(sample: SampleEvent): TrafficDelivery {
  const body = stampBody(sample, localWebhookToken, Date.now());
  const callId = callIdOf(body);
  const expectedStatus = sample.entry.expect[0]?.status ?? 200;
  const kind = expectedStatus === 200 ? 'sample' : 'refused';
  return { kind, body, expectedStatus, ...(callId !== undefined && { callId }) };
}
