/**
 * What the agent who is rung is shown of the caller, and why they of all people got the call. Plain text of a bounded
 * length, and a link that leads nowhere but to the template's own domain, whatever stands in a contact.
 */
import type { Considered, Contact, EmailAddress, PhoneNumber, Target } from './model.ts';
import type { InsightCardSettings } from './policy.ts';

/** At most 10 lines; each text has 1 to 200 characters. */
export type InsightCard = {
  readonly title: { readonly text: string; readonly link?: string };
  readonly lines: readonly CardLine[];
};

export type CardLine = { readonly label: string; readonly text: string };

export type CardFacts = {
  /** The caller's; `undefined` where it is withheld or unreadable. */
  readonly phone: PhoneNumber | undefined;
  readonly contact: Contact | undefined;
  /** Who is rung. */
  readonly target: Target;
  /** The rule that named them. */
  readonly rule?: string;
  /** Who was looked at for this call so far, in that order, the target among them or not. */
  readonly considered: readonly Considered[];
  /** Who has been rung for this call before, in vain. */
  readonly rung?: readonly RungInVain[];
};

export type RungInVain = { readonly email: EmailAddress; readonly because: 'declined' | 'not-answered' };

const mostCharacters = 200;
const mostLines = 10;
const longestLink = 2000;

export function describeCaller(facts: CardFacts, settings: InsightCardSettings): InsightCard {
  const { phone, contact } = facts;
  const link = settings.link && fillLink(settings.link, facts);
  const lines = [
    ...toLines('Company', contact?.company),
    ...(settings.attributes?.flatMap((name) => toLines(name, attributeOf(contact, name))) ?? []),
  ];
  return {
    title: { text: shorten(contact?.name ?? '') || phone || 'Unknown number', ...(link && { link }) },
    lines: [...lines.slice(0, mostLines - 1), { label: 'Why you', text: shorten(tellWhy(facts)) }],
  };
}

function toLines(label: string, value: string | undefined): readonly CardLine[] {
  const line = { label: shorten(label), text: shorten(value ?? '') };
  return line.label === '' || line.text === '' ? [] : [line];
}

function attributeOf(contact: Contact | undefined, name: string): string | undefined {
  return contact !== undefined && Object.hasOwn(contact.attributes, name)
    ? contact.attributes[name]
    : undefined;
}

function tellWhy(facts: CardFacts): string {
  const rule = facts.rule === undefined ? 'A rule' : `The rule "${facts.rule}"`;
  const { target } = facts;
  switch (target.because) {
    case 'assigned-agent':
      return 'You are the assigned agent.';
    case 'backup':
      return `You are a backup${tellOthers(facts, target.email)}.`;
    case 'last-agent':
      return 'You spoke to them last.';
    case 'policy-agent':
      return `${rule} names you.`;
    case 'policy-team':
      return `${rule} names your team.`;
    case 'policy-number':
      return `${rule} names this number.`;
  }
}

const enumerate = new Intl.ListFormat('en');

/** Why not those who were looked at before; of each what was seen last, and above all whether they were rung. */
function tellOthers({ considered, rung = [] }: CardFacts, you: EmailAddress): string {
  const names = new Map<EmailAddress, string>();
  const reasons = new Map<EmailAddress, string>();
  for (const { target, verdict, agentName } of considered) {
    if (target.kind !== 'agent') continue;
    if (agentName !== undefined && tidy(agentName) !== '') names.set(target.email, tidy(agentName));
    reasons.set(target.email, whyNotTexts[verdict] ?? 'could not be reached');
  }
  for (const { email, because } of rung) reasons.set(email, rungTexts[because]);
  reasons.delete(you);

  const others = [...reasons].map(([email, why]) => `${names.get(email) ?? email} ${why}`);
  return others.length === 0 ? '' : `: ${enumerate.format(others)}`;
}

const whyNotTexts: Partial<Record<Considered['verdict'], string>> = {
  'agent-in-call': 'is in a call',
  'agent-after-call-work': 'is in after-call work',
  'agent-do-not-disturb': 'is not taking calls',
  'agent-offline': 'is offline',
  'agent-reserved': 'is being rung for another call',
};

const rungTexts: Record<RungInVain['because'], string> = {
  declined: 'declined',
  'not-answered': 'did not answer',
};

const graphemes = new Intl.Segmenter('en');

/** One line of at most 200 characters, never cut within what is read as one character. */
function shorten(text: string): string {
  const line = tidy(text);
  if (line.length <= mostCharacters) return line;

  let kept = '';
  for (const { segment } of graphemes.segment(line)) {
    if (kept.length + segment.length >= mostCharacters) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Half a surrogate pair is no text: JSON may carry it, but not everyone reads it. */
function tidy(text: string): string {
  return text.toWellFormed().replace(/\s+/g, ' ').trim();
}

/**
 * A host, then a path, query or fragment. No `@` before the host, no backslash after it, no space: programs differ in
 * where they see the host end.
 */
const linkParts = /^https:\/\/(?<host>[^/?#@\\\s]+)(?<rest>|[/?#].*)$/s;
/** Without values in it, or these are labels under a domain of the template's own: `{company}.example.com`. */
const safeHost = /^[^{}]+$|\}(\.[^.:{}]+){2,}(:\d+)?$/;
const hostLabel = /^[a-z\d]([a-z\d-]*[a-z\d])?$/i;

/** Whether a link of this template leads to a domain that no contact can choose. */
export function hasOwnDomain(template: string): boolean {
  return splitLink(template) !== undefined;
}

function splitLink(template: string): { readonly host: string; readonly rest: string } | undefined {
  const parts = linkParts.exec(template)?.groups as { host: string; rest: string } | undefined;
  return parts !== undefined && safeHost.test(parts.host) ? parts : undefined;
}

/** `undefined` where a value is missing, or would change more than its own place in the link. */
function fillLink(template: string, facts: CardFacts): string | undefined {
  const parts = splitLink(template);
  if (parts === undefined) return undefined;

  const host = fill(parts.host, facts, (value) => (hostLabel.test(value) ? value : undefined));
  const path = fill(parts.rest, facts, (value) =>
    /^\.\.?$/.test(value) ? undefined : encodeURIComponent(value),
  );
  if (host === undefined || path === undefined) return undefined;

  const link = URL.parse(`https://${host}${path}`)?.href;
  return link !== undefined && link.length <= longestLink ? link : undefined;
}

function fill(
  template: string,
  facts: CardFacts,
  encode: (value: string) => string | undefined,
): string | undefined {
  let isComplete = true;
  const filled = template.replace(/\{([^{}]+)\}/g, (_, key: string) => {
    const value = tidy(findValue(key, facts) ?? '');
    const encoded = value === '' ? undefined : encode(value);
    if (encoded === undefined) isComplete = false;
    return `${encoded}`;
  });
  return isComplete ? filled : undefined;
}

function findValue(key: string, { phone, contact }: CardFacts): string | undefined {
  switch (key) {
    case 'phone':
      return phone;
    case 'name':
      return contact?.name;
    case 'company':
      return contact?.company;
    default:
      return attributeOf(contact, key);
  }
}
