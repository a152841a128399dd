import { describe, expect, it } from 'vitest';
import {
  eventsFor,
  findOurWebhooks,
  hasExactlyOurEvents,
  routedEvents,
} from '../../lib/core/choose-webhook.ts';

const url = 'https://router.example.com/aircall/calls';
const ours = { name: 'call-router', tokens: ['known-token'], events: routedEvents };
const webhook = (changes: object) => ({
  url,
  active: true,
  events: ['call.created'],
  token: 'a-token',
  ...changes,
});

describe('our webhooks', () => {
  it.each([
    ['the same', url],
    ['written otherwise', 'HTTPS://Router.Example.com:443/aircall/calls'],
  ])('are those at the URL that is asked for (%s), whatever their name', (_, asked) => {
    const here = webhook({ name: 'something else' });
    const elsewhere = webhook({ url: 'https://other.example.com/aircall/calls', name: 'call-router' });
    expect(findOurWebhooks([elsewhere, here, webhook({ url: 'no URL' })], ours, new URL(asked))).toEqual([
      here,
    ]);
  });

  it.each([
    ['named as ours', webhook({ name: 'call-router', url: 'https://a.example.com/' }), true],
    ['named otherwise, at our path', webhook({ name: 'crm', token: 'known-token' }), false],
    ['nameless, with a known token', webhook({ url: 'https://a.example.com/', token: 'known-token' }), true],
    ['nameless, at our path', webhook({}), true],
    ['nameless, elsewhere', webhook({ url: 'https://a.example.com/' }), false],
    ['nameless, nowhere', webhook({ url: '' }), false],
  ])('without a URL: %s', (_, candidate, isOurs) => {
    expect(findOurWebhooks([candidate], ours)).toEqual(isOurs ? [candidate] : []);
  });
});

it('asks for calls, and for all that tells of an agent, by both of its names', () => {
  expect(routedEvents).toEqual([
    'call.created',
    'call.ringing_on_agent',
    'call.agent_declined',
    'call.answered',
    'call.transferred',
    'call.external_transferred',
    'call.unsuccessful_transfer',
    'call.hungup',
    'call.ended',
    'user.opened',
    'user.closed',
    'user.connected',
    'user.disconnected',
    'user.wut_start',
    'user.wut_end',
    'user.opened.v2',
    'user.closed.v2',
    'user.connected.v2',
    'user.disconnected.v2',
    'user.wut_start.v2',
    'user.wut_end.v2',
    'contact.created',
    'contact.updated',
    'contact.deleted',
  ]);
});

it('asks for the uninstallation, too, where the company let us in over OAuth: only such webhooks are told of it', () => {
  expect(eventsFor('api-key')).toEqual(routedEvents);
  expect(eventsFor('oauth')).toEqual([...routedEvents, 'integration.deleted']);
});

it('what are exactly our events depends on the account', () => {
  const overOAuth = eventsFor('oauth');
  expect(hasExactlyOurEvents({ events: overOAuth.toReversed() }, overOAuth)).toBe(true);
  expect(hasExactlyOurEvents({ events: routedEvents }, overOAuth)).toBe(false);
  expect(hasExactlyOurEvents({ events: overOAuth }, routedEvents)).toBe(false);
});

it.each([
  [[...routedEvents], true],
  [routedEvents.toReversed(), true],
  [[], false],
  [['call.created'], false],
  [routedEvents.slice(1), false],
  [routedEvents.filter((event) => !event.includes('transfer')), false],
  [[...routedEvents.slice(1), 'number.opened'], false],
  [[...routedEvents, 'number.opened'], false],
])('whether %j are exactly our events: %s', (events, isExact) => {
  expect(hasExactlyOurEvents({ events }, routedEvents)).toBe(isExact);
});
