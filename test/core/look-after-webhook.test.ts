import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventsFor, routedEvents } from '../../lib/core/choose-webhook.ts';
import { judgeWebhooks } from '../../lib/core/look-after-webhook.ts';

const ours = {
  name: 'call-router',
  url: 'https://router.example.com/aircall/calls',
  active: true,
  events: routedEvents,
  token: 'known-token',
};
const off = { ...ours, active: false };
const narrowed = { ...ours, events: routedEvents.slice(2) };
const withoutHangups = { ...ours, events: routedEvents.filter((event) => event !== 'call.hungup') };
const widened = { ...ours, events: [...routedEvents, 'number.opened', 'call.tagged'] };
const everything = { ...ours, events: [] };
const stranger = { ...ours, active: false, events: [], token: 'of-another-stage' };

const judge = (webhooks: readonly (typeof ours)[], unreadable = 0, ourEvents = routedEvents) =>
  judgeWebhooks({ webhooks, unreadable }, ['known-token', 'second-token'], ourEvents);

describe('of the webhooks at Aircall', () => {
  it.each([
    ['one that is as it should be needs nothing', [ours], { kind: 'there', announces: true, repairs: [] }],
    [
      'an order of events of its own is no fault',
      [{ ...ours, events: routedEvents.toReversed() }],
      {
        kind: 'there',
        announces: true,
        repairs: [],
      },
    ],
    [
      'one that is off is to be switched on',
      [off],
      {
        kind: 'there',
        announces: false,
        repairs: [{ webhook: off, isOff: true, missing: [], others: 0 }],
      },
    ],
    [
      'one whose list was narrowed has it put right, and announced no call without call.created',
      [narrowed],
      {
        kind: 'there',
        announces: false,
        repairs: [
          { webhook: narrowed, isOff: false, missing: ['call.created', 'call.ringing_on_agent'], others: 0 },
        ],
      },
    ],
    [
      'one that lacks another event did announce calls',
      [withoutHangups],
      {
        kind: 'there',
        announces: true,
        repairs: [{ webhook: withoutHangups, isOff: false, missing: ['call.hungup'], others: 0 }],
      },
    ],
    [
      'one whose list was widened has it put right',
      [widened],
      {
        kind: 'there',
        announces: true,
        repairs: [{ webhook: widened, isOff: false, missing: [], others: 2 }],
      },
    ],
    [
      'an empty list means every event: all the others, and none of ours missing',
      [everything],
      {
        kind: 'there',
        announces: true,
        repairs: [{ webhook: everything, isOff: false, missing: [], others: 'all' }],
      },
    ],
    [
      'one can be both off and changed',
      [{ ...widened, active: false }],
      {
        kind: 'there',
        announces: false,
        repairs: [{ webhook: { ...widened, active: false }, isOff: true, missing: [], others: 2 }],
      },
    ],
    [
      'two are looked after each, and one of them is enough to announce calls',
      [off, { ...ours, token: 'second-token' }],
      {
        kind: 'there',
        announces: true,
        repairs: [{ webhook: off, isOff: true, missing: [], others: 0 }],
      },
    ],
    [
      'one whose token the router does not accept is not ours to touch',
      [stranger, ours],
      {
        kind: 'there',
        announces: true,
        repairs: [],
      },
    ],
    [
      'and is none of ours, whatever its name and its URL',
      [{ ...ours, token: 'of-another-stage' }],
      { kind: 'gone' },
    ],
    ['there may be none at all', [], { kind: 'gone' }],
  ] as const)('%s', (_, webhooks, verdict) => {
    expect(judge(webhooks as never)).toEqual(verdict);
  });

  it('one of an account that let us in over OAuth tells of the uninstallation, too', () => {
    const overOAuth = { ...ours, events: eventsFor('oauth') };
    expect(judge([overOAuth], 0, eventsFor('oauth'))).toMatchObject({ repairs: [] });
    expect(judge([ours], 0, eventsFor('oauth'))).toEqual({
      kind: 'there',
      announces: true,
      repairs: [{ webhook: ours, isOff: false, missing: ['integration.deleted'], others: 0 }],
    });
    expect(judge([overOAuth])).toMatchObject({ repairs: [{ missing: [], others: 1 }] });
  });

  it('none is called gone while there is one that can not be read', () => {
    expect(judge([stranger], 1)).toEqual({ kind: 'unreadable', count: 1 });
    expect(judge([ours], 1)).toEqual({ kind: 'there', announces: true, repairs: [] });
  });

  it('never a stranger’s is repaired', () => {
    const webhook = fc.record({
      name: fc.constantFrom('call-router', 'crm'),
      url: fc.constant(ours.url),
      active: fc.boolean(),
      events: fc.subarray([...routedEvents, 'number.opened']),
      token: fc.constantFrom('known-token', 'second-token', 'of-another-stage', ''),
    });
    fc.assert(
      fc.property(fc.array(webhook), (webhooks) => {
        const verdict = judge(webhooks);
        const repaired =
          verdict.kind === 'there' ? verdict.repairs.map((repair) => repair.webhook.token) : [];
        expect(repaired).not.toContain('of-another-stage');
        expect(repaired).not.toContain('');
      }),
    );
  });
});
