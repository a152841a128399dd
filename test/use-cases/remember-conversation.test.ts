import { beforeEach, describe, expect, it } from 'vitest';
import type { Conversation } from '../../lib/core/last-agent.ts';
import type { StoreFailure } from '../../lib/core/model.ts';
import { defaultPolicy, type LastAgentSettings } from '../../lib/core/policy.ts';
import { fail, succeed } from '../../lib/core/result.ts';
import {
  createRememberConversation,
  type RememberConversationPorts,
} from '../../lib/use-cases/remember-conversation.ts';
import { createClock, email, phone, t0, userId } from '../builders.ts';
import { createInMemoryStore } from '../fakes/in-memory-store.ts';

const deadlineMs = t0 + 4000;
const conversation: Conversation = {
  phone: phone('+12025550133'),
  aircallUserId: userId(457),
  email: email('jan@example.com'),
  direction: 'inbound',
  answeredAtMs: t0 - 60_000,
  endedAtMs: t0 - 5000,
};

let store: ReturnType<typeof createInMemoryStore>;
let warnings: unknown[];
beforeEach(() => {
  store = createInMemoryStore(() => t0, 10_000);
  warnings = [];
});

const remember = (
  changes: Partial<Conversation> = {},
  settings: Partial<LastAgentSettings> = {},
  ports: Partial<RememberConversationPorts> = {},
) =>
  createRememberConversation({
    currentPolicy: async () =>
      succeed({
        version: 1,
        policy: { ...defaultPolicy, lastAgent: { ...defaultPolicy.lastAgent, ...settings } },
      }),
    saveConversation: store.saveConversation,
    warn: (what, detail) => warnings.push([what, detail]),
    now: createClock().now,
    ...ports,
  })({ ...conversation, ...changes }, deadlineMs);
const lastAgent = async () => {
  const found = await store.findCaller(phone('+12025550133'), deadlineMs);
  return found.ok ? found.value.lastConversation?.email : undefined;
};

it('a conversation that counts is remembered', async () => {
  expect(await remember()).toBe('saved');
  expect(await lastAgent()).toBe('jan@example.com');
});

it('is kept for the days of the policy, and stored within the deadline', async () => {
  const asked: unknown[] = [];
  const saveConversation: RememberConversationPorts['saveConversation'] = async (...given) => {
    asked.push(given);
    return succeed('saved');
  };
  await remember({}, { lookbackDays: 7 }, { saveConversation });
  expect(asked).toEqual([[conversation, 1763851195000 + 604_800_000, 1763851204000]]);
});

it.each([
  { says: 'a call that an agent made', changes: { direction: 'outbound' }, because: 'outbound-conversation' },
  { says: 'a few words', changes: { answeredAtMs: t0 - 34_999 }, because: 'too-short' },
  {
    says: 'a delivery of last month',
    changes: { endedAtMs: t0 - 2_592_000_000, answeredAtMs: 0 },
    because: 'too-old',
  },
  { says: 'what has not ended by then', changes: { endedAtMs: t0 + 60_001 }, because: 'from-the-future' },
] as const)('$says is not remembered', async ({ changes, because }) => {
  expect(await remember(changes)).toBe(because);
  expect(await lastAgent()).toBeUndefined();
  expect(warnings).toEqual([]);
});

it('a call that an agent made is, where the policy says so; and a clock may be a minute ahead', async () => {
  expect(await remember({ direction: 'outbound' }, { includeOutbound: true })).toBe('saved');
  expect(await remember({ endedAtMs: t0 + 60_000 })).toBe('saved');
});

it('told again, or after a newer one, changes nothing', async () => {
  await remember();
  expect(await remember()).toBe('kept');
  expect(await remember({ endedAtMs: t0 - 6000, email: email('jane@example.com') })).toBe('kept');
  expect(await lastAgent()).toBe('jan@example.com');
});

it('of someone we do not know is not remembered', async () => {
  const { email: _, ...nameless } = conversation;
  const rememberConversation = createRememberConversation({
    currentPolicy: async () => succeed({ version: 0, policy: defaultPolicy }),
    saveConversation: store.saveConversation,
    warn: (what, detail) => warnings.push([what, detail]),
    now: () => t0,
  });
  expect(await rememberConversation(nameless, deadlineMs)).toBe('unknown-agent');
});

describe('where the table is in trouble, nothing is remembered', () => {
  const failure: StoreFailure = { reason: 'store-unavailable', detail: 'TimeoutError' };

  it('and that is warned of', async () => {
    expect(await remember({}, {}, { saveConversation: async () => fail(failure) })).toBe('store-unavailable');
    expect(warnings).toEqual([
      ['store-trouble', { during: 'remembering a conversation', detail: 'TimeoutError' }],
    ]);
  });

  it('and without a policy nothing is asked: whoever looked it up has warned', async () => {
    const ports = { currentPolicy: async () => fail(failure), saveConversation: () => Promise.reject() };
    expect(await remember({}, {}, ports)).toBe('store-unavailable');
    expect(warnings).toEqual([]);
  });
});
