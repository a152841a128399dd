import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CardFacts, describeCaller, hasOwnDomain } from '../../lib/core/insight-card.ts';
import type { AircallTeamId, Considered, SkipReason, Target } from '../../lib/core/model.ts';
import type { InsightCardSettings } from '../../lib/core/policy.ts';
import { contact, email, phone } from '../builders.ts';

const agent = (name: string, because: Extract<Target, { kind: 'agent' }>['because']) =>
  ({ kind: 'agent', email: email(`${name}@example.com`), because }) as const;
const jane = agent('jane', 'assigned-agent');
const jan = agent('jan', 'assigned-agent');
const max = agent('max', 'backup');
const kit = agent('kit', 'backup');

const facts: CardFacts = { phone: phone('+442079460123'), contact: contact(), target: jane, considered: [] };
const card = (changes: Partial<CardFacts> = {}, settings: InsightCardSettings = {}) =>
  describeCaller({ ...facts, ...changes }, settings);
const titleOf = (changes: Partial<CardFacts>) => card(changes).title.text;
const whyOf = (changes: Partial<CardFacts>) => card(changes).lines.at(-1);
const linkOf = (link: string, changes: Partial<CardFacts> = {}) => card(changes, { link }).title.link;

it('tells who is calling and why this agent got the call', () => {
  const attributes = { tier: 'gold', city: 'Leeds', notes: 'not chosen' };
  expect(
    card(
      { contact: contact({ attributes }) },
      { attributes: ['city', 'tier', 'birthday'], link: 'https://crm.example.com/search?q={phone}' },
    ),
  ).toEqual({
    title: { text: 'Zoë Martin', link: 'https://crm.example.com/search?q=%2B442079460123' },
    lines: [
      { label: 'Company', text: 'Northwind Tea' },
      { label: 'city', text: 'Leeds' },
      { label: 'tier', text: 'gold' },
      { label: 'Why you', text: 'You are the assigned agent.' },
    ],
  });
});

it('tells of a stranger their number, and why this agent got the call', () => {
  const nobody = { contact: undefined, target: agent('jane', 'policy-agent'), rule: 'night' };
  const shown = {
    title: { text: '+442079460123' },
    lines: [{ label: 'Why you', text: 'The rule "night" names you.' }],
  };
  expect(card(nobody, { attributes: ['tier'] })).toStrictEqual(shown);
  expect(card(nobody, {})).toStrictEqual(shown);
});

describe('the title', () => {
  const { name: _, company: __, ...nameless } = contact();

  it.each<[string, Partial<CardFacts>]>([
    ['Zoë Martin', {}],
    ['+442079460123', { contact: nameless }],
    ['+442079460123', { contact: contact({ name: ' \n ' }) }],
    ['Unknown number', { contact: undefined, phone: undefined }],
  ])('is %j', (text, changes) => {
    expect(titleOf(changes)).toBe(text);
  });
});

describe('why this agent', () => {
  it.each<[Target, string]>([
    [jane, 'You are the assigned agent.'],
    [max, 'You are a backup.'],
    [agent('jane', 'last-agent'), 'You spoke to them last.'],
    [agent('jane', 'policy-agent'), 'The rule "night" names you.'],
    [
      { kind: 'team', teamId: 7 as AircallTeamId, because: 'policy-team' },
      'The rule "night" names your team.',
    ],
    [
      { kind: 'number', phone: phone('+33199000042'), because: 'policy-number' },
      'The rule "night" names this number.',
    ],
  ])('%j: %s', (target, text) => {
    expect(whyOf({ target, rule: 'night' })).toEqual({ label: 'Why you', text });
  });

  it('is a rule without a name, where it is not told', () => {
    expect(whyOf({ target: agent('jane', 'policy-agent') })).toEqual({
      label: 'Why you',
      text: 'A rule names you.',
    });
  });

  const passed = (verdict: Considered['verdict'], agentName?: string): Considered => ({
    target: jan,
    verdict,
    ...(agentName !== undefined && { agentName }),
  });
  const backup = (changes: Partial<CardFacts>) => whyOf({ target: max, ...changes })?.text;

  it.each<[SkipReason, string]>([
    ['agent-in-call', 'You are a backup: Jan is in a call.'],
    ['agent-after-call-work', 'You are a backup: Jan is in after-call work.'],
    ['agent-do-not-disturb', 'You are a backup: Jan is not taking calls.'],
    ['agent-offline', 'You are a backup: Jan is offline.'],
    ['agent-reserved', 'You are a backup: Jan is being rung for another call.'],
    ['presence-unknown', 'You are a backup: Jan could not be reached.'],
    ['agent-not-on-aircall', 'You are a backup: Jan could not be reached.'],
    ['store-unavailable', 'You are a backup: Jan could not be reached.'],
  ])('%s: %s', (verdict, text) => {
    expect(backup({ considered: [passed(verdict, 'Jan'), { target: max, verdict: 'go' }] })).toBe(text);
  });

  it('is told with the e-mail of an agent whose name nobody knows', () => {
    expect(backup({ considered: [passed('agent-offline')] })).toBe(
      'You are a backup: jan@example.com is offline.',
    );
    expect(backup({ considered: [passed('agent-offline', ' ')] })).toBe(
      'You are a backup: jan@example.com is offline.',
    );
  });

  it.each([
    ['declined', 'You are a backup: Jan declined.'],
    ['not-answered', 'You are a backup: Jan did not answer.'],
  ] as const)('is that the agent above was rung: %s', (because, text) => {
    const rung = [{ email: jan.email, because }];
    const rungFirst = [passed('go', 'Jan'), passed('agent-in-call'), { target: max, verdict: 'go' } as const];
    expect(backup({ considered: rungFirst, rung })).toBe(text);
  });

  it('is that an agent was rung whom this round did not look at', () => {
    expect(backup({ rung: [{ email: jan.email, because: 'declined' }] })).toBe(
      'You are a backup: jan@example.com declined.',
    );
  });

  it('is that Aircall refused the call for the agent above', () => {
    expect(backup({ considered: [passed('go', 'Jan'), { target: max, verdict: 'go' }] })).toBe(
      'You are a backup: Jan could not be reached.',
    );
  });

  it('tells of several agents in the order they were looked at, of each what was seen last', () => {
    const considered: Considered[] = [
      { target: jan, verdict: 'agent-in-call', agentName: 'Jan' },
      { target: { kind: 'team', teamId: 7 as AircallTeamId, because: 'policy-team' }, verdict: 'go' },
      { target: kit, verdict: 'agent-offline', agentName: 'Kit' },
      { target: max, verdict: 'agent-in-call', agentName: 'Max' },
      { target: jan, verdict: 'agent-after-call-work' },
      { target: max, verdict: 'go', agentName: 'Max' },
    ];
    expect(backup({ considered })).toBe('You are a backup: Jan is in after-call work and Kit is offline.');
    expect(backup({ considered: [...considered, { target: jane, verdict: 'agent-reserved' }] })).toBe(
      'You are a backup: Jan is in after-call work, Kit is offline, and jane@example.com is being rung for another call.',
    );
  });

  it('is told to a backup alone: the others have a reason of their own', () => {
    expect(whyOf({ considered: [passed('agent-in-call', 'Jan')] })?.text).toBe('You are the assigned agent.');
  });
});

describe('what is too much', () => {
  it('is cut after 199 characters, with an ellipsis', () => {
    expect(titleOf({ contact: contact({ name: 'a'.repeat(200) }) })).toBe('a'.repeat(200));
    expect(titleOf({ contact: contact({ name: 'a'.repeat(201) }) })).toBe(`${'a'.repeat(199)}…`);
    const rule = 'n'.repeat(300);
    expect(whyOf({ target: agent('jane', 'policy-agent'), rule })?.text).toBe(
      `The rule "${'n'.repeat(189)}…`,
    );
  });

  it('is never cut within what is read as one character', () => {
    const family = '👩‍👩‍👧';
    expect(family).toHaveLength(8);
    expect(titleOf({ contact: contact({ name: `${'a'.repeat(192)}${family}b` }) })).toBe(
      `${'a'.repeat(192)}…`,
    );
    expect(titleOf({ contact: contact({ name: `${'a'.repeat(191)}${family}bc` }) })).toBe(
      `${'a'.repeat(191)}${family}…`,
    );
  });

  it('is left out after ten lines, of which the last is always why', () => {
    const names = Array.from({ length: 12 }, (_, index) => `field ${index}`);
    const attributes = Object.fromEntries(names.map((name) => [name, 'x']));
    const labels = card({ contact: contact({ attributes }) }, { attributes: names }).lines.map(
      ({ label }) => label,
    );
    expect(labels).toEqual(['Company', ...names.slice(0, 8), 'Why you']);
  });

  it('is space, line ends and what is no text', () => {
    const untidy = contact({
      company: ' \t ',
      attributes: { 'a\nb': ' two\n\n lines ', half: 'x\ud800', none: '' },
    });
    expect(card({ contact: untidy }, { attributes: ['a\nb', 'half', 'none', 'toString'] }).lines).toEqual([
      { label: 'a b', text: 'two lines' },
      { label: 'half', text: 'x\ufffd' },
      { label: 'Why you', text: 'You are the assigned agent.' },
    ]);
  });

  it('is a label, too, that is longer than a text may be', () => {
    const long = 'l'.repeat(201);
    const { lines } = card({ contact: contact({ attributes: { [long]: 'x' } }) }, { attributes: [long] });
    expect(lines[1]).toEqual({ label: `${'l'.repeat(199)}…`, text: 'x' });
  });
});

describe('the link', () => {
  const rich = {
    contact: contact({
      company: 'acme',
      attributes: {
        id: 'a/b?c#d&e=f g',
        dots: '..',
        dot: '.',
        more: '...',
        before: '..a',
        version: '1..',
        blank: ' ',
        name: 'hidden',
        phone: 'hidden',
      },
    }),
  };

  it.each([
    ['https://crm.example.com/', 'https://crm.example.com/'],
    ['https://crm.example.com', 'https://crm.example.com/'],
    ['https://crm.example.com/c/{id}', 'https://crm.example.com/c/a%2Fb%3Fc%23d%26e%3Df%20g'],
    [
      'https://crm.example.com?q={name}&p={phone}',
      'https://crm.example.com/?q=Zo%C3%AB%20Martin&p=%2B442079460123',
    ],
    ['https://crm.example.com#{company}/{company}', 'https://crm.example.com/#acme/acme'],
    ['https://{company}.example.com/{name}', 'https://acme.example.com/Zo%C3%AB%20Martin'],
    ['https://x-{company}.example.com:8443/', 'https://x-acme.example.com:8443/'],
    ['https://{company}.{company}.example.com', 'https://acme.acme.example.com/'],
    ['https://crm.example.com/{version}/{more}/{before}', 'https://crm.example.com/1../.../..a'],
  ])('%s leads to %s', (template, link) => {
    expect(linkOf(template, rich)).toBe(link);
  });

  it.each([
    ['https://crm.example.com/{birthday}', true],
    ['https://{company}.example.com', true],
    ['https://{company}/', false],
    ['http://crm.example.com/', false],
  ])('of the template %s leads to a domain of its own: %s', (template, isOwn) => {
    expect(hasOwnDomain(template)).toBe(isOwn);
  });

  it.each([
    ['a value is missing', 'https://crm.example.com/{birthday}'],
    ['one of two values is missing', 'https://crm.example.com/{name}/{birthday}'],
    ['a value is blank', 'https://crm.example.com/{blank}'],
    ['a value is a way up', 'https://crm.example.com/c/{dots}/delete'],
    ['a value is no way at all', 'https://crm.example.com/c/{dot}/delete'],
    ['a value is of no contact', 'https://crm.example.com/{toString}'],
    ['the protocol is another', 'http://crm.example.com/'],
    ['the protocol is a script', 'javascript:https://crm.example.com/'],
    ['there is no host', 'https:///crm.example.com'],
    ['there is no host at all', 'https://'],
    ['the host is no host', 'https://[/{name}'],
    ['the host is a value', 'https://{company}/'],
    ['the host is a value with a port', 'https://{company}:8443/'],
    ['the domain is a value', 'https://crm.{company}/'],
    ['the domain ends with a value', 'https://crm.example.com{company}/'],
    [
      'the domain ends with a value, after one of the template’s own',
      'https://{company}.example.com.{company}/',
    ],
    ['the domain is a value’s and a country’s', 'https://{company}.com/'],
    ['the port is a value', 'https://crm.example.com:{company}/'],
    ['a value stands before the host', 'https://{company}@crm.example.com/'],
    ['a backslash ends the host', 'https://{company}\\.example.com/'],
    ['a line end stands in the host', 'https://{company}\n.example.com/'],
    ['a backslash stands after the host', 'https://crm.example.com\\{company}'],
  ])('is left out where %s', (_, template) => {
    expect(linkOf(template, rich)).toBeUndefined();
  });

  it.each([
    'evil.com',
    'evil.com/',
    'a b',
    'ä',
    '-acme',
    'acme-',
    '',
    'a%2fb',
    'a:b',
    'a@b',
    'x\ud800',
    '.',
    'a\nb',
  ])('is left out where the company %j would have to be part of the host', (company) => {
    expect(linkOf('https://{company}.example.com', { contact: contact({ company }) })).toBeUndefined();
  });

  it.each([
    ['a', 'https://a.example.com/'],
    ['Acme-2', 'https://acme-2.example.com/'],
    [' acme ', 'https://acme.example.com/'],
  ])('is made of the company %j', (company, link) => {
    expect(linkOf('https://{company}.example.com', { contact: contact({ company }) })).toBe(link);
  });

  it('of a stranger has their number, and nobody else’s', () => {
    const stranger = { contact: undefined };
    expect(linkOf('https://crm.example.com/{phone}', stranger)).toBe(
      'https://crm.example.com/%2B442079460123',
    );
    for (const key of ['name', 'company', 'tier']) {
      expect(linkOf(`https://crm.example.com/{${key}}`, stranger)).toBeUndefined();
    }
    const hidden = { contact: undefined, phone: undefined };
    expect(linkOf('https://crm.example.com/{phone}', hidden)).toBeUndefined();
  });

  it('is left out where it would be longer than 2000 characters', () => {
    const name = 'n'.repeat(1975);
    expect(linkOf('https://crm.example.com/{name}', { contact: contact({ name }) })).toHaveLength(1999);
    expect(linkOf('https://crm.example.com/{name}?', { contact: contact({ name }) })).toHaveLength(2000);
    expect(linkOf('https://crm.example.com/{name}?q', { contact: contact({ name }) })).toBeUndefined();
  });
});

describe('whatever stands in a contact', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.array(fc.integer({ min: 0xd700, max: 0xe000 })).map((units) => String.fromCharCode(...units)),
    fc.constantFrom('..', 'evil.com', '@evil.com', '/', '\\', 'https://evil.com', 'acme'),
  );
  const anyTemplate = fc.constantFrom(
    'https://{company}.example.com/{name}',
    'https://crm.example.com/{tier}/{name}?q={phone}#{company}',
    'https://{tier}.{name}.example.com:8443',
  );
  const anyFacts = fc.record({
    name: anyText,
    company: anyText,
    tier: anyText,
    agentName: anyText,
    rule: anyText,
    link: anyTemplate,
    because: fc.constantFrom('backup', 'policy-agent' as const),
  });

  it('the card is bounded, well-formed text, and its link leads to the template’s own domain', () => {
    fc.assert(
      fc.property(anyFacts, ({ name, company, tier, agentName, rule, link, because }) => {
        const { title, lines } = card(
          {
            contact: contact({ name, company, attributes: { tier, [company]: name } }),
            target: agent('jane', because as 'backup'),
            considered: [{ target: jan, verdict: 'agent-offline', agentName }],
            rule,
          },
          { attributes: ['tier', company], link },
        );
        expect(lines.length).toBeLessThanOrEqual(10);
        for (const text of [title.text, ...lines.flatMap((line) => [line.label, line.text])]) {
          expect(text.length).toBeLessThanOrEqual(200);
          expect(text).not.toBe('');
          expect(text.isWellFormed()).toBe(true);
        }
        if (title.link !== undefined) {
          expect(title.link).toMatch(/^https:/);
          expect(new URL(title.link).hostname).toMatch(/(^|\.)example\.com$/);
        }
      }),
    );
  });

  it('no part of a link’s domain is a value, however odd the template', () => {
    const parts = [
      '{name}',
      '{company}',
      '.',
      '/',
      '@',
      ':',
      '\\',
      '?',
      '#',
      ' ',
      '%',
      '[',
      'example.com',
      '.example.com',
    ];
    const oddTemplate = fc.array(fc.constantFrom(...parts)).map((chosen) => `https://${chosen.join('')}`);
    const evil = fc.constantFrom(
      'evil',
      'evil.com',
      '@evil.com',
      '/evil.com',
      '\\evil.com',
      ':evil',
      'evil/..',
      '..',
    );
    fc.assert(
      fc.property(oddTemplate, evil, evil, (template, name, company) => {
        const link = linkOf(template, { contact: contact({ name, company }) });
        if (link === undefined) return;
        expect(link).toMatch(/^https:/);
        expect(new URL(link).hostname.split('.').slice(-2).join('.')).not.toContain('evil');
      }),
      { numRuns: 500 },
    );
  });
});
