import { describe, expect, it } from 'vitest';
import type { Account } from '../../lib/core/account.ts';
import type { Decision } from '../../lib/core/model.ts';
import { fail, type Result, succeed } from '../../lib/core/result.ts';
import type { DeliveryReport } from '../../lib/ports.ts';
import {
  type AccountRouter,
  createReceiveEvent,
  type Delivery,
  type ReceiveEvent,
  type ReceiveEventPorts,
  type Rejection,
} from '../../lib/use-cases/receive-event.ts';
import { acmeAccount } from '../acme.ts';
import {
  callId,
  contactId,
  createClock,
  hopRecord,
  inboundCall,
  phone,
  routedRecord,
  t0,
  userId,
} from '../builders.ts';

const invocation = { requestId: 'request-1', deadlineMs: t0 + 4_000 };

const acme = acmeAccount();

/** A delivery with the token of acme's webhook, unless the ports say otherwise. */
function receive(
  delivery: Result<Delivery, Rejection>,
  ports: Partial<ReceiveEventPorts & AccountRouter> = {},
  body: Parameters<ReceiveEvent>[0] = succeed('{}'),
) {
  const clock = createClock();
  const reports: DeliveryReport[] = [];
  const warnings: unknown[] = [];
  const routed: unknown[] = [];
  const tracked: unknown[] = [];
  const noted: unknown[] = [];
  const remembered: unknown[] = [];
  const routedFor: Account[] = [];
  const router: AccountRouter = {
    routeCall: async (call, owner, deadlineMs) => {
      routed.push([call.callId, owner, deadlineMs]);
      clock.advance(120);
      return routedRecord();
    },
    trackNews: async (news, deadlineMs) => {
      tracked.push([news, deadlineMs]);
      clock.advance(9);
      return 'presence-changed';
    },
    rememberConversation: async (conversation, deadlineMs) => {
      remembered.push([conversation, deadlineMs]);
      return 'saved';
    },
    trackCall: async (news, owner, deadlineMs) => {
      noted.push([news, owner, deadlineMs]);
      clock.advance(9);
      return succeed(undefined);
    },
    trackContactNews: async (news, deadlineMs) => {
      tracked.push([news, deadlineMs]);
      return 'contact-updated';
    },
    ...ports,
  };
  const receiveEvent = createReceiveEvent({
    openDelivery: () => succeed({ token: 'token-1', read: () => delivery }),
    proveAccount: async () => succeed({ account: acme, tokenHash: 'hash-1' }),
    routerOf: (account) => {
      routedFor.push(account);
      return router;
    },
    uninstallAccount: async () => {
      throw new Error('uninstalled');
    },
    report: (report) => reports.push(report),
    warn: (what, detail) => warnings.push([what, detail]),
    now: clock.now,
    ...ports,
  });
  const answer = receiveEvent(body, invocation);
  return { reports, warnings, routed, routedFor, tracked, noted, remembered, answer };
}

const inbound: Delivery = { kind: 'inbound-call', event: 'call.created', call: inboundCall() };

describe('an inbound call', () => {
  it('is routed by this invocation, within its deadline', async () => {
    const { answer, routed } = receive(succeed(inbound));
    expect(await answer).toEqual({ kind: 'decided', callId: '812000001', decision: routedRecord().decision });
    expect(routed).toEqual([['812000001', 'request-1', 1763851204000]]);
  });

  it('is routed for the account whose token came with it, and for no other', async () => {
    const asked: unknown[] = [];
    const { answer, routedFor } = receive(succeed(inbound), {
      proveAccount: async (...given) => {
        asked.push(given);
        return succeed({ account: acme, tokenHash: 'hash-1' });
      },
    });
    await answer;
    expect(asked).toEqual([['token-1', 1763851204000]]);
    expect(routedFor).toEqual([acme]);
  });

  it('is reported once, with the caller masked', async () => {
    const { answer, reports } = receive(succeed(inbound));
    await answer;
    expect(reports).toEqual([
      {
        requestId: 'request-1',
        accountId: 'acme',
        event: 'call.created',
        callId: '812000001',
        caller: '…23',
        decision: routedRecord().decision,
        tookMs: 120,
        record: routedRecord(),
      },
    ]);
  });

  it.each(['withheld', 'unreadable'] as const)('of a %s caller is reported as such', async (kind) => {
    const record = routedRecord({ caller: { kind } });
    const { answer, reports } = receive(succeed(inbound), { routeCall: async () => record });
    await answer;
    expect(reports.map(({ caller }) => caller)).toEqual([kind]);
  });

  it('is left to Aircall if anything throws, and the message goes nowhere', async () => {
    const routeCall = async () => {
      throw new TypeError('cannot read +442079460123 of Zoë Martin');
    };
    const { answer, reports, warnings } = receive(succeed(inbound), { routeCall });
    expect(await answer).toEqual({
      kind: 'decided',
      callId: '812000001',
      decision: { outcome: 'left', because: 'internal-error' },
    });
    expect(reports.map(({ decision }) => decision)).toEqual([{ outcome: 'left', because: 'internal-error' }]);
    expect(warnings).toMatchObject([
      ['unexpected-error', { error: 'TypeError', at: expect.stringMatching(/^ {4}at .+\n {4}at /) }],
    ]);
    expect(JSON.stringify([warnings, reports])).not.toMatch(/7946|Martin/);
  });

  it('is left to Aircall even if what was thrown is no error', async () => {
    const routeCall = () => Promise.reject('+442079460123');
    const { answer, warnings } = receive(succeed(inbound), { routeCall });
    expect(await answer).toMatchObject({ decision: { outcome: 'left', because: 'internal-error' } });
    expect(warnings).toEqual([['unexpected-error', { error: 'string' }]]);
  });
});

describe('an event that tells of an agent', () => {
  const news = { aircallUserId: userId(456), fact: { kind: 'ringing', atMs: t0 } } as const;
  const ringing: Delivery = {
    kind: 'news',
    event: 'call.ringing_on_agent',
    ofAgent: news,
    callId: callId('812000001'),
  };

  it('is tracked within the deadline, answered and reported, and routes nothing', async () => {
    const decision: Decision = { outcome: 'tracked', because: 'presence-changed' };
    const { answer, reports, routed, tracked, noted } = receive(succeed(ringing));
    expect(await answer).toEqual({ kind: 'decided', callId: '812000001', decision });
    expect(tracked).toEqual([[news, 1763851204000]]);
    expect(reports).toEqual([
      {
        requestId: 'request-1',
        accountId: 'acme',
        event: 'call.ringing_on_agent',
        callId: '812000001',
        decision,
        tookMs: 9,
      },
    ]);
    expect(routed).toEqual([]);
    expect(noted).toEqual([]);
  });

  it('may come without a call', async () => {
    const opened: Delivery = { kind: 'news', event: 'user.opened', ofAgent: news };
    expect(await receive(succeed(opened)).answer).toEqual({
      kind: 'decided',
      decision: { outcome: 'tracked', because: 'presence-changed' },
    });
  });

  it('is answered whatever comes of it', async () => {
    const trackNews = async () => 'store-unavailable' as const;
    const decision: Decision = { outcome: 'tracked', because: 'store-unavailable' };
    const { answer, reports } = receive(succeed(ringing), { trackNews });
    expect(await answer).toMatchObject({ kind: 'decided', decision });
    expect(reports).toMatchObject([{ decision }]);
  });

  it('is answered even if anything throws, and no call is counted as left', async () => {
    const trackNews = () => Promise.reject(new TypeError('jane@example.com'));
    const { answer, warnings } = receive(succeed(ringing), { trackNews });
    expect(await answer).toMatchObject({ decision: { outcome: 'tracked', because: 'internal-error' } });
    expect(warnings).toMatchObject([['unexpected-error', { error: 'TypeError' }]]);
    expect(JSON.stringify(warnings)).not.toContain('jane');
  });
});

describe('an event of a contact', () => {
  const news = { kind: 'deleted', contactId: contactId('700001'), atMs: t0 } as const;
  const deleted: Delivery = { kind: 'news', event: 'contact.deleted', ofContact: news };

  it('is taken in within the deadline, answered and reported', async () => {
    const { answer, tracked, reports } = receive(succeed(deleted));
    const decision: Decision = { outcome: 'tracked', because: 'contact-updated' };
    expect(await answer).toEqual({ kind: 'decided', decision });
    expect(tracked).toEqual([[news, 1763851204000]]);
    expect(reports).toEqual([
      { requestId: 'request-1', accountId: 'acme', event: 'contact.deleted', decision, tookMs: 0 },
    ]);
  });

  it('is answered even if anything throws', async () => {
    const trackContactNews = () => Promise.reject(new TypeError('Zoë'));
    const { answer, warnings } = receive(succeed(deleted), { trackContactNews });
    expect(await answer).toMatchObject({ decision: { outcome: 'tracked', because: 'internal-error' } });
    expect(JSON.stringify(warnings)).not.toContain('Zoë');
  });
});

describe('the end of a conversation', () => {
  const news = {
    aircallUserId: userId(457),
    fact: { kind: 'call-over', callId: callId('812000001'), atMs: t0 },
  } as const;
  const conversation = {
    phone: phone('+12025550133'),
    aircallUserId: userId(457),
    direction: 'inbound',
    answeredAtMs: t0 - 60_000,
    endedAtMs: t0,
  } as const;
  const ended: Delivery = { kind: 'news', event: 'call.ended', ofAgent: news, conversation };
  const tracked = { decision: { outcome: 'tracked', because: 'presence-changed' } };

  it('is tracked, and remembered within the deadline', async () => {
    const { answer, tracked: told, remembered } = receive(succeed(ended));
    expect(await answer).toMatchObject(tracked);
    expect(told).toEqual([[news, 1763851204000]]);
    expect(remembered).toEqual([[conversation, 1763851204000]]);
  });

  it('is remembered at the same time as it is tracked', async () => {
    const started: string[] = [];
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { answer } = receive(succeed(ended), {
      trackNews: async () => {
        started.push('track');
        await gate;
        return 'presence-changed';
      },
      rememberConversation: async () => {
        started.push('remember');
        await gate;
        return 'saved';
      },
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(started).toEqual(['track', 'remember']);
    release();
    expect(await answer).toMatchObject(tracked);
  });

  it('is answered as tracked whatever comes of remembering it', async () => {
    const rememberConversation = async () => 'store-unavailable' as const;
    expect(await receive(succeed(ended), { rememberConversation }).answer).toMatchObject(tracked);
  });

  it('is tracked even if remembering throws, and the message goes nowhere', async () => {
    const rememberConversation = () => Promise.reject(new TypeError('+12025550133'));
    const { answer, warnings } = receive(succeed(ended), { rememberConversation });
    expect(await answer).toMatchObject(tracked);
    expect(warnings).toMatchObject([['unexpected-error', { error: 'TypeError' }]]);
    expect(JSON.stringify(warnings)).not.toContain('0133');
  });

  it('is remembered even if tracking throws, before the answer is given', async () => {
    let isRemembered = false;
    const { answer } = receive(succeed(ended), {
      trackNews: () => Promise.reject(new TypeError('x')),
      rememberConversation: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        isRemembered = true;
        return 'saved';
      },
    });
    expect(await answer).toMatchObject({ decision: { outcome: 'tracked', because: 'internal-error' } });
    expect(isRemembered).toBe(true);
  });

  it('is remembered of no other event', async () => {
    const { answer, remembered } = receive(succeed({ kind: 'news', event: 'call.hungup', ofAgent: news }));
    await answer;
    expect(remembered).toEqual([]);
  });
});

describe('an event that tells of a call', () => {
  const id = callId('812000001');
  const ofCall = { callId: id, kind: 'over', atMs: t0 } as const;
  const over: Delivery = { kind: 'news', event: 'call.ended', callId: id, ofCall };
  const ofAgent = {
    aircallUserId: userId(456),
    fact: { kind: 'call-declined', callId: id, atMs: t0 },
  } as const;
  const refusal = { because: 'agent-declined', by: userId(456) } as const;
  const declined: Delivery = {
    kind: 'news',
    event: 'call.agent_declined',
    callId: id,
    ofAgent,
    ofCall: { callId: id, kind: 'refused', refusal },
  };
  const noted: Decision = { outcome: 'tracked', because: 'call-noted' };

  it('is noted by this invocation, within its deadline, answered and reported, and routes nothing', async () => {
    const received = receive(succeed(over));
    expect(await received.answer).toEqual({ kind: 'decided', callId: '812000001', decision: noted });
    expect(received.noted).toEqual([[ofCall, 'request-1', 1763851204000]]);
    expect(received.reports).toEqual([
      {
        requestId: 'request-1',
        accountId: 'acme',
        event: 'call.ended',
        callId: '812000001',
        decision: noted,
        tookMs: 9,
      },
    ]);
    expect(received.tracked).toEqual([]);
    expect(received.routed).toEqual([]);
  });

  it('may tell of an agent too, and then is reported as that', async () => {
    const received = receive(succeed(declined));
    expect(await received.answer).toMatchObject({
      decision: { outcome: 'tracked', because: 'presence-changed' },
    });
    expect(received.tracked).toEqual([[ofAgent, 1763851204000]]);
    expect(received.noted).toEqual([
      [{ callId: '812000001', kind: 'refused', refusal }, 'request-1', 1763851204000],
    ]);
  });

  it('is answered and reported as the hop that it led to, whatever it told of an agent', async () => {
    const hop = hopRecord({ timings: { claimedMs: 6, transferredMs: 90 } });
    const { answer, reports } = receive(succeed(declined), { trackCall: async () => succeed(hop) });
    expect(await answer).toEqual({ kind: 'decided', callId: '812000001', decision: hop.decision });
    expect(reports).toEqual([
      {
        requestId: 'request-1',
        accountId: 'acme',
        event: 'call.agent_declined',
        callId: '812000001',
        decision: hop.decision,
        tookMs: 9,
        hop,
      },
    ]);
  });

  it('is answered even if anything throws, and what it told of an agent is taken in', async () => {
    const trackCall = () => Promise.reject(new TypeError('+442079460123'));
    for (const [delivery, because] of [
      [over, 'internal-error'],
      [declined, 'presence-changed'],
    ] as const) {
      const { answer, warnings } = receive(succeed(delivery), { trackCall });
      expect(await answer).toMatchObject({ decision: { outcome: 'tracked', because } });
      expect(warnings).toMatchObject([['unexpected-error', { error: 'TypeError' }]]);
      expect(JSON.stringify(warnings)).not.toContain('7946');
    }
  });

  it('that can not be noted says so, where it told of no agent', async () => {
    const trackCall = async () => fail('store-unavailable' as const);
    for (const [delivery, because] of [
      [over, 'store-unavailable'],
      [declined, 'presence-changed'],
    ] as const) {
      const { answer } = receive(succeed(delivery), { trackCall });
      expect(await answer).toMatchObject({ decision: { outcome: 'tracked', because } });
    }
  });

  it('goes on though anything throws over what it told of an agent', async () => {
    const hop = hopRecord();
    const { answer, warnings } = receive(succeed(declined), {
      trackNews: () => Promise.reject(new TypeError('jane@example.com')),
      trackCall: async () => succeed(hop),
    });
    expect(await answer).toMatchObject({ decision: hop.decision });
    expect(warnings).toMatchObject([['unexpected-error', { error: 'TypeError' }]]);
  });
});

describe('any other event', () => {
  it('is answered, reported and left alone', async () => {
    const delivery: Delivery = { kind: 'ignored', event: 'user.created', because: 'event-not-routed' };
    const decision: Decision = { outcome: 'ignored', because: 'event-not-routed' };
    const { answer, reports, routed } = receive(succeed(delivery));
    expect(await answer).toEqual({ kind: 'decided', decision });
    expect(reports).toEqual([
      { requestId: 'request-1', accountId: 'acme', event: 'user.created', decision, tookMs: 0 },
    ]);
    expect(routed).toEqual([]);
  });

  it('is answered with the id of its call, if it has one', async () => {
    const delivery: Delivery = {
      kind: 'ignored',
      event: 'call.created',
      because: 'outbound-call',
      callId: callId('812000008'),
    };
    expect(await receive(succeed(delivery)).answer).toMatchObject({ callId: '812000008' });
  });
});

describe('what is no delivery', () => {
  const refused: readonly [Rejection['reason'], Parameters<typeof receive>, object][] = [
    [
      'bad-request',
      [succeed(inbound), { openDelivery: () => fail({ reason: 'bad-request', detail: 'body' }) }],
      {},
    ],
    [
      'unauthorized',
      [succeed(inbound), { openDelivery: () => fail({ reason: 'unauthorized', detail: 'body' }) }],
      {},
    ],
    // Only what proved itself is known to be an account's.
    ['unreadable-event', [fail({ reason: 'unreadable-event', detail: 'body' })], { accountId: 'acme' }],
  ];
  it.each(refused)('is rejected as %s, reported, and nothing is done', async (reason, given, whose) => {
    const { answer, reports, routed } = receive(...given);
    await answer;
    expect(reports.map((report) => 'accountId' in report)).toEqual([reason === 'unreadable-event']);
    expect(await answer).toEqual({ kind: 'rejected', rejection: { reason, detail: 'body' } });
    expect(reports).toEqual([
      { requestId: 'request-1', ...whose, decision: { outcome: 'refused', because: reason }, tookMs: 0 },
    ]);
    expect(routed).toEqual([]);
  });

  it('with a token of nobody’s is rejected, and not even read', async () => {
    const { answer, reports, routedFor } = receive(succeed(inbound), {
      openDelivery: () => succeed({ token: 'guessed', read: neverRead }),
      proveAccount: async () => succeed(undefined),
    });
    expect(await answer).toEqual({
      kind: 'rejected',
      rejection: { reason: 'unauthorized', detail: 'token' },
    });
    expect(reports).toEqual([
      { requestId: 'request-1', decision: { outcome: 'refused', because: 'unauthorized' }, tookMs: 0 },
    ]);
    expect(routedFor).toEqual([]);
  });

  it('because it can not be read, while the store is away, names no account', async () => {
    const unreadable = { reason: 'unreadable-event', detail: 'event' } as const;
    const storeDown = { reason: 'store-unavailable', detail: 'TimeoutError' } as const;
    const { answer, reports } = receive(fail(unreadable), { proveAccount: async () => fail(storeDown) });
    expect(await answer).toEqual({ kind: 'rejected', rejection: unreadable });
    expect(reports[0]).not.toHaveProperty('accountId');
  });

  it('because it is too large is not even read', async () => {
    const tooLarge = { reason: 'too-large', detail: 'body: over 256 KiB' } as const;
    const { answer } = receive(succeed(inbound), { openDelivery: neverRead }, fail(tooLarge));
    expect(await answer).toEqual({ kind: 'rejected', rejection: tooLarge });
  });

  function neverRead(): never {
    throw new Error('read');
  }
});

describe('a delivery whose account the store can not tell', () => {
  const storeDown = { reason: 'store-unavailable', detail: 'TimeoutError' } as const;
  const damaged = { reason: 'item-unreadable', detail: 'webhook token: accountId' } as const;
  const opened: Delivery = {
    kind: 'news',
    event: 'user.opened',
    ofAgent: { aircallUserId: userId(456), fact: { kind: 'ringing', atMs: t0 } },
  };
  const others: readonly Delivery[] = [
    opened,
    { kind: 'uninstalled', event: 'integration.deleted' },
    { kind: 'ignored', event: 'user.created', because: 'event-not-routed' },
  ];

  it.each([storeDown, damaged])('is not refused: a call is left to Aircall, %j', async (failure) => {
    const { answer, reports, warnings, routedFor } = receive(succeed(inbound), {
      proveAccount: async () => fail(failure),
    });
    const decision = { outcome: 'left', because: failure.reason };
    expect(await answer).toEqual({ kind: 'decided', callId: '812000001', decision });
    expect(reports).toEqual([
      { requestId: 'request-1', event: 'call.created', callId: '812000001', decision, tookMs: 0 },
    ]);
    expect(routedFor).toEqual([]);
    expect(warnings).toEqual([
      [
        failure === storeDown ? 'store-trouble' : 'item-unreadable',
        { during: 'finding the account of a token', detail: failure.detail },
      ],
    ]);
  });

  it.each(others)('is not refused, and nothing comes of it: $event', async (delivery) => {
    const { answer, routedFor, tracked } = receive(succeed(delivery), {
      proveAccount: async () => fail(storeDown),
    });
    expect(await answer).toEqual({
      kind: 'decided',
      decision: { outcome: 'tracked', because: 'store-unavailable' },
    });
    expect([routedFor, tracked]).toEqual([[], []]);
  });
});

describe('an account that is not active', () => {
  const news: Delivery = {
    kind: 'news',
    event: 'contact.deleted',
    ofContact: { kind: 'deleted', contactId: contactId('700001'), atMs: t0 },
  };
  const other: Delivery = { kind: 'ignored', event: 'user.created', because: 'event-not-routed' };

  it.each(
    (['disabled', 'uninstalled'] as const).flatMap((status) =>
      [inbound, news, other].map((delivery) => [status, delivery.event, delivery] as const),
    ),
  )('(%s) has nothing done for it: %s', async (status, _, delivery) => {
    const { answer, reports, routedFor } = receive(succeed(delivery), {
      proveAccount: async () => succeed({ account: acmeAccount({ status }), tokenHash: 'hash-1' }),
    });
    const decision = { outcome: 'ignored', because: `account-${status}` };
    expect(await answer).toMatchObject({ kind: 'decided', decision });
    expect(reports).toMatchObject([{ accountId: 'acme', decision }]);
    expect(routedFor).toEqual([]);
  });
});

describe('that a company uninstalled us', () => {
  const deleted: Delivery = { kind: 'uninstalled', event: 'integration.deleted' };

  it.each([
    ['account-uninstalled', 'tracked'],
    ['store-unavailable', 'tracked'],
    ['item-unreadable', 'tracked'],
    ['earlier-installation', 'ignored'],
    ['event-not-routed', 'ignored'],
  ] as const)('is answered and reported with what came of it: %s', async (because, outcome) => {
    const { answer, reports, routedFor } = receive(succeed(deleted), {
      uninstallAccount: async () => because,
    });
    const decision = { outcome, because };
    expect(await answer).toEqual({ kind: 'decided', decision });
    expect(reports).toEqual([
      {
        requestId: 'request-1',
        accountId: 'acme',
        event: 'integration.deleted',
        decision,
        tookMs: 0,
      },
    ]);
    expect(routedFor).toEqual([]);
  });

  it.each(['active', 'disabled', 'uninstalled'] as const)(
    'is taken in within the deadline, with the token that proved it, from one that is %s',
    async (status) => {
      const proven = { account: acmeAccount({ status }), tokenHash: 'hash-1' };
      const asked: unknown[] = [];
      const { answer } = receive(succeed(deleted), {
        proveAccount: async () => succeed(proven),
        uninstallAccount: async (...given) => {
          asked.push(given);
          return 'account-uninstalled';
        },
      });
      expect(await answer).toMatchObject({ decision: { outcome: 'tracked' } });
      expect(asked).toEqual([[proven, 1763851204000]]);
    },
  );

  it('tells of no call', async () => {
    const uninstallAccount = async () => 'account-uninstalled' as const;
    const { answer, reports } = receive(succeed(deleted), { uninstallAccount });
    expect(await answer).not.toHaveProperty('callId');
    expect(reports[0]).not.toHaveProperty('callId');
  });

  it('is answered even if anything throws', async () => {
    const { answer } = receive(succeed(deleted));
    expect(await answer).toMatchObject({ decision: { outcome: 'tracked', because: 'internal-error' } });
  });
});
