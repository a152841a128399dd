/** News that is true, with something in it that can't be. */
import { expect, it } from 'vitest';
import { openDelivery } from '../../../lib/adapters/aircall/webhook.ts';

function read(event: string, data: object, timestamp: number) {
  const opened = openDelivery(
    JSON.stringify({ resource: event.split('.')[0], event, timestamp, token: 'a', data }),
  );
  return opened.ok ? opened.value.read() : opened;
}

const call = { id: 812000001, direction: 'inbound', started_at: 1763851200 };

it.each([
  [1e300, 100_000_000_000_000],
  [-1e300, 0],
  [1763851200.5, 1763851200500],
])('a call that was answered, or is over, at %d: a time that can be stored', (seconds, atMs) => {
  expect(read('call.answered', { ...call, status: 'answered' }, seconds)).toMatchObject({
    value: { ofCall: { kind: 'answered', atMs } },
  });
  expect(read('call.hungup', { ...call, status: 'done', ended_at: 1 }, seconds)).toMatchObject({
    value: { ofCall: { kind: 'over', atMs } },
  });
  expect(read('call.ended', { ...call, ended_at: 9e299 }, seconds)).toMatchObject({
    value: { ofCall: { kind: 'over', atMs } },
  });
});

it('a contact has a hundred phones at most: each is written by itself', () => {
  const phones = Array.from({ length: 101 }, (_, index) => ({
    value: `+1202555${String(index).padStart(4, '0')}`,
  }));
  const contact = { id: 700001, phone_numbers: phones };
  const delivery = read('contact.updated', contact, 1763851200);

  expect(delivery).toMatchObject({ value: { ofContact: { phones: { length: 100, 99: '+12025550099' } } } });
});
