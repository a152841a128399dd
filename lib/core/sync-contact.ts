/**
 * A contact at Aircall → what is stored of it here. Events of it come late, twice and in any order, and a list of all
 * contacts comes beside them: of all that was told, the newest counts, whichever came first.
 *
 * What Aircall gives lies beside what is ours of a phone and never in it, one item for each contact at Aircall that has the
 * phone. So nothing of ours can be overwritten, and what Aircall takes back is gone.
 */
import type { AircallContactId, Contact, NonEmpty, PhoneNumber } from './model.ts';

export type ContactNews = KnownContact | DeletedContact;

/** `atMs`: when Aircall changed it last. `listed`: from the list of all contacts. */
export type KnownContact = WordsOfContact & {
  readonly kind: 'created' | 'updated' | 'listed';
  readonly phones: readonly PhoneNumber[];
};

/** What Aircall says of a contact, whichever of its phones calls. */
export type WordsOfContact = {
  readonly contactId: AircallContactId;
  readonly atMs: number;
  readonly name?: string;
  readonly company?: string;
  readonly attributes: Readonly<Record<string, string>>;
};

export type DeletedContact = {
  readonly kind: 'deleted';
  readonly contactId: AircallContactId;
  readonly atMs: number;
};

/**
 * What is known of one contact at Aircall. `phones`: all that may have words of it; while `isPending`, more than it has.
 * `version` counts the changes, so that no writer undoes another's.
 */
export type SyncedContact = {
  readonly news: ContactNews;
  readonly phones: readonly PhoneNumber[];
  readonly version: number;
  readonly isPending: boolean;
};

/**
 * The writes, in this order: a run that dies on the way leaves a pending contact, which the next news of it completes.
 */
export type SyncPlan = {
  readonly begun: SyncedContact;
  /** The phones that get its words; none for a deleted contact. */
  readonly kept: readonly PhoneNumber[];
  /** The phones that lose them. */
  readonly gone: readonly PhoneNumber[];
  readonly done: SyncedContact;
};

/** `undefined`: nothing is to be written. */
export function planSync(stored: SyncedContact | undefined, told: ContactNews): SyncPlan | undefined {
  const isKnown = stored !== undefined && !isNewer(told, stored.news);
  if (isKnown && !stored.isPending) return undefined;

  const news = isKnown ? stored.news : told;
  const kept = news.kind === 'deleted' ? [] : eachOnce(news.phones);
  const gone = (stored?.phones ?? []).filter((phone) => !kept.includes(phone));
  const version = (stored?.version ?? 0) + 1;
  return {
    begun: { news, phones: [...kept, ...gone], version, isPending: true },
    kept,
    gone,
    done: { news, phones: kept, version, isPending: false },
  };
}

/**
 * Up to this much later news is older than a deletion all the same: one is dated when it was changed, the other when it was told,
 * by clocks that differ. What is newer than that is there again.
 */
const deletionCountsForMs = 60_000;

/** Of news that Aircall dates to the same second: who made a contact may have changed it in that second, and the list is read later. */
const ranks = { created: 0, updated: 1, listed: 2, deleted: 3 };

/** Whether `a` counts and not `b`. The words decide last: any order will do, as long as it is the same one every time. */
function isNewer(a: ContactNews, b: ContactNews): boolean {
  return isAfter(placeOf(a), placeOf(b));
}

function placeOf(news: ContactNews): Place {
  const untilMs = news.kind === 'deleted' ? news.atMs + deletionCountsForMs : news.atMs;
  return [untilMs, ranks[news.kind], spell(news)];
}

function spell(news: ContactNews): string {
  if (news.kind === 'deleted') return news.kind;
  const { name, company, attributes, phones } = news;
  return JSON.stringify([name, company, Object.entries(attributes).toSorted(), eachOnce(phones).toSorted()]);
}

/** In an order, by the first part that differs. */
type Place = readonly (number | string)[];

function isAfter(a: Place, b: Place): boolean {
  for (const [index, part] of a.entries()) {
    const other = b[index] as typeof part;
    if (part > other) return true;
    if (part < other) return false;
  }
  return false;
}

function eachOnce(phones: readonly PhoneNumber[]): readonly PhoneNumber[] {
  return phones.filter((phone, index) => phones.indexOf(phone) === index);
}

/**
 * A contact as callers are looked up: ours, with what Aircall says of who has this phone. Aircall's name and company come
 * before ours, our attributes before Aircall's; an assignment is ours alone.
 *
 * @param words of every contact at Aircall that has the phone: the one changed last counts
 */
export function joinContact(
  phone: PhoneNumber,
  ours: Contact | undefined,
  words: readonly WordsOfContact[],
): Contact | undefined {
  if (!isNonEmpty(words)) return ours;

  const theirs = newestOf(words);
  const name = theirs.name ?? ours?.name;
  const company = theirs.company ?? ours?.company;
  return {
    phone,
    ...(name !== undefined && { name }),
    ...(company !== undefined && { company }),
    ...(ours?.assignedTo !== undefined && { assignedTo: ours.assignedTo }),
    backups: ours?.backups ?? [],
    attributes: { ...theirs.attributes, ...ours?.attributes },
  };
}

/**
 * What is ours of a joined contact: without what Aircall says already. Stored, that would stay when Aircall takes it back.
 * `undefined`: nothing is, and Aircall has the contact.
 */
export function partContact(contact: Contact, words: readonly WordsOfContact[]): Contact | undefined {
  if (!isNonEmpty(words)) return contact;

  const theirs = newestOf(words);
  const { phone, name, company, assignedTo, backups } = contact;
  const attributes = Object.entries(contact.attributes).filter(
    ([key, value]) => theirs.attributes[key] !== value,
  );
  const ours: Contact = {
    phone,
    ...(name !== undefined && name !== theirs.name && { name }),
    ...(company !== undefined && company !== theirs.company && { company }),
    ...(assignedTo !== undefined && { assignedTo }),
    backups,
    attributes: Object.fromEntries(attributes),
  };
  return isBare(ours) ? undefined : ours;
}

function isBare({ name, company, assignedTo, backups, attributes }: Contact): boolean {
  const words = [name, company, assignedTo, ...backups, ...Object.keys(attributes)];
  return words.every((word) => word === undefined);
}

function newestOf(words: NonEmpty<WordsOfContact>): WordsOfContact {
  return words.reduce((a, b) => (isAfter([a.atMs, a.contactId], [b.atMs, b.contactId]) ? a : b));
}

function isNonEmpty<Value>(values: readonly Value[]): values is NonEmpty<Value> {
  return values.length > 0;
}
