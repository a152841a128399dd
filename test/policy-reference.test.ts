/** docs/policy.md is what operators write their rules by: its example is parsed and planned, its tables compared with the code. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeCaller } from '../lib/core/insight-card.ts';
import type { AircallNumberId } from '../lib/core/model.ts';
import { parsePolicy } from '../lib/core/parse-policy.ts';
import { type PlanFacts, planTargets } from '../lib/core/plan-targets.ts';
import { callerKinds, defaultPolicy, presences, targetWords } from '../lib/core/policy.ts';
import { contact, email, phone } from './builders.ts';
import { runCommand } from './cli/command.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/policy.md'), 'utf8');
const written = page.match(/```json\n(.*?)```/s)?.[1] ?? '';

const policyOf = (document: unknown) => {
  const policy = parsePolicy(document);
  if (!policy.ok) throw new Error(JSON.stringify(policy.failure));
  return policy.value;
};
const refusals = (document: unknown) => {
  const policy = parsePolicy(document);
  return policy.ok ? [] : policy.failure.map(({ expected }) => expected);
};

describe('the worked example', () => {
  const example = policyOf(JSON.parse(written));
  const gold = contact({ backups: [email('max@example.com')], attributes: { tier: 'Gold' } });
  const plain = contact({ backups: [email('max@example.com')] });
  const berlin = { kind: 'identified', phone: phone('+493023125001') } as const;
  /** Wednesday, noon in Paris. */
  const facts: PlanFacts = {
    caller: { kind: 'identified', phone: phone('+442079460123') },
    contact: plain,
    aircallNumberId: 1234 as AircallNumberId,
    nowMs: Date.parse('2026-11-25T11:00:00Z'),
  };

  it('has the settings it shows', () => {
    const { rules, ...settings } = example;
    expect(settings).toEqual({
      enabled: true,
      routeToAgentIn: ['available'],
      whenPresenceUnknown: 'ask',
      presenceTrustedForSeconds: 600,
      reserveSeconds: 20,
      staleAfterSeconds: 30,
      ringSeconds: 25,
      lastAgent: { minTalkSeconds: 30, lookbackDays: 30, includeOutbound: false },
      insightCard: false,
      assignOwners: false,
      zone: 'UTC',
    });
    expect(rules.map(({ name }) => name)).toEqual(['christmas', 'night', 'vip', 'dach', 'everyone']);
  });

  it.each<{ says: string; changes: Partial<PlanFacts>; rule: string; targets: readonly unknown[] }>([
    {
      says: 'on 25 December, whoever calls',
      changes: { nowMs: Date.parse('2026-12-25T10:00:00Z'), contact: gold },
      rule: 'christmas',
      targets: [{ kind: 'number', phone: '+33199000042', because: 'policy-number' }],
    },
    {
      says: 'Tuesday, 7:59 in Paris',
      changes: { nowMs: Date.parse('2026-11-24T06:59:00Z') },
      rule: 'night',
      targets: [{ kind: 'team', teamId: 12, strategy: 'longest_idle', because: 'policy-team' }],
    },
    {
      says: 'a contact with tier Gold, Wednesday at noon',
      changes: { contact: gold },
      rule: 'vip',
      targets: [
        { kind: 'agent', email: 'jane@example.com', because: 'assigned-agent' },
        { kind: 'agent', email: 'max@example.com', because: 'backup' },
        { kind: 'team', teamId: 7, because: 'policy-team' },
      ],
    },
    {
      says: 'from Germany to the number 1234',
      changes: { caller: berlin },
      rule: 'dach',
      targets: [
        { kind: 'agent', email: 'jan@example.com', because: 'policy-agent' },
        { kind: 'team', teamId: 8, because: 'policy-team' },
      ],
    },
    {
      says: 'from Germany to another number of ours',
      changes: { caller: berlin, aircallNumberId: 5678 as AircallNumberId },
      rule: 'everyone',
      targets: [
        { kind: 'agent', email: 'jane@example.com', because: 'assigned-agent' },
        { kind: 'agent', email: 'max@example.com', because: 'backup' },
      ],
    },
  ])('$says: $rule', ({ changes, rule, targets }) => {
    expect(planTargets({ ...facts, ...changes }, example)).toMatchObject({ kind: 'ring', rule, targets });
  });

  it('a stranger is left to Aircall, and Monday’s night is over at 8:00', () => {
    expect(planTargets({ ...facts, contact: undefined }, example)).toMatchObject({
      kind: 'leave',
      because: 'unknown-caller',
      rule: 'everyone',
    });
    const atEight = { ...facts, nowMs: Date.parse('2026-11-24T07:00:00Z') };
    expect(planTargets(atEight, example)).toMatchObject({ rule: 'everyone' });
  });
});

describe('the insight card', () => {
  const [, json = ''] = page.match(/## The insight card.*?```json\n(.*?)```/s) ?? [];
  const { insightCard } = policyOf(JSON.parse(json));
  if (insightCard === false) throw new Error('the example has no card');
  const max = { kind: 'agent', email: email('max@example.com'), because: 'backup' } as const;
  const jan = { kind: 'agent', email: email('jan@example.com'), because: 'assigned-agent' } as const;
  const { title, lines } = describeCaller(
    {
      phone: phone('+442079460123'),
      contact: contact({ attributes: { tier: 'gold' } }),
      target: max,
      considered: [{ target: jan, verdict: 'agent-in-call', agentName: 'Jan' }],
    },
    insightCard,
  );

  it('is what the page says the agent sees', () => {
    const shown = [...page.matchAll(/^\| (\*\*.*\*\*|\S+: .*?|Why you: .*?) +\|/gm)].map(([, cell]) => cell);
    expect(shown).toEqual([`**${title.text}**`, ...lines.map(({ label, text }) => `${label}: ${text}`)]);
    expect(page).toContain(`a click leads to \`${title.link}\``);
  });

  it('has only links that a policy may have', () => {
    expect(refusals({ insightCard: { link: 'https://{company}.example.com' } })).toEqual([]);
    expect(refusals({ insightCard: { link: 'https://{company}' } })).toHaveLength(1);
  });
});

const commands = [...page.matchAll(/^npx call-router (.+)$/gm)].map(([, line]) => line ?? '');

it.each(commands)('its command exists, with its options: %s', async (line) => {
  const words = line.split(' ');
  const path = words[0] === 'policy' ? words.slice(0, 2) : words.slice(0, 1);
  const { exitCode, stdout } = await runCommand([...path, '--help']);
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`call-router ${path.join(' ')} `)]);
  for (const option of words.filter((word) => word.startsWith('--'))) expect(stdout).toContain(option);
});

describe('its tables', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  const cellsOf = (name: string) =>
    rows
      .map((row) => row.split('|').map((cell) => cell.trim()))
      .find(([, first]) => first === `\`${name}\``) ?? [];

  it.each(Object.entries(defaultPolicy).filter(([name]) => name !== 'rules'))(
    'tell the default of %s',
    (name, value) => {
      expect(cellsOf(name)[2]).toBe(`\`${JSON.stringify(value)}\``);
    },
  );

  it.each(['presenceTrustedForSeconds', 'reserveSeconds', 'staleAfterSeconds', 'ringSeconds'])(
    'tell the bounds of %s',
    (name) => {
      const [least, most] = (cellsOf(name)[3] ?? '').split(' to ').map(Number) as [number, number];
      expect([least, most].flatMap((seconds) => refusals({ [name]: seconds }))).toEqual([]);
      const expected = `a whole number from ${least} to ${most}`;
      expect([least - 1, most + 1].flatMap((seconds) => refusals({ [name]: seconds }))).toEqual([
        expected,
        expected,
      ]);
    },
  );

  it('name every setting, condition and target, and every word that may stand there', () => {
    const keysOf = (refused: readonly string[]) =>
      refused[0]?.replace('one of the keys ', '').split(', ') ?? [];
    const rule = { name: 'a', targets: ['leave'] };
    const settings = keysOf(refusals({ nonsense: 1 }));
    const conditions = keysOf(refusals({ rules: [{ ...rule, when: { nonsense: 1 } }] }));
    expect([settings.length, conditions.length]).toEqual([12, 6]);
    for (const name of [...settings, ...conditions]) expect(cellsOf(name)[1]).toBe(`\`${name}\``);

    for (const word of targetWords) expect(page).toContain(`| \`"${word}"\``);
    for (const target of ['agent', 'team', 'number']) expect(page).toContain(`| \`{ "${target}": `);
    const words = [
      'ask',
      'go',
      'skip',
      'simultaneous',
      'random',
      'longest_idle',
      ...presences,
      ...callerKinds,
    ];
    for (const word of words) expect(page).toContain(`\`${word}\``);
  });
});
