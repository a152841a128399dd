import { expect, it } from 'vitest';
import { agentOf, phoneOf, usersOf } from '../../bench/company.ts';

it('gives every contact a phone of their own, from numbers that are kept for fiction', () => {
  expect(phoneOf(0)).toBe('+33199000000');
  expect(phoneOf(9_999)).toBe('+33199009999');
  expect(phoneOf(10_000)).toBe('+33261910000');
  expect(phoneOf(59_999)).toBe('+33639989999');
  expect(phoneOf(60_000)).toBe('+12005550100');
  expect(phoneOf(99_999)).toBe('+15995550199');

  const phones = Array.from({ length: 100_000 }, (_, contact) => phoneOf(contact));
  expect(new Set(phones).size).toBe(100_000);
});

it('assigns contacts to agents in turn', () => {
  expect([0, 1, 2, 3].map((contact) => agentOf(contact, 3))).toEqual([0, 1, 2, 0]);
});

it('has every agent at Aircall, free', () => {
  expect(usersOf({ contacts: 5, agents: 2, rules: 0 })).toEqual([
    { id: 1000, name: 'Agent 0', email: 'agent-0@example.com', availability: 'available' },
    { id: 1001, name: 'Agent 1', email: 'agent-1@example.com', availability: 'available' },
  ]);
});
