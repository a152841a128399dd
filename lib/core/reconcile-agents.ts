/**
 * How the agents in the store differ from the users at Aircall, and which agent a check of a login is about.
 *
 * A list that may lack someone tells who is there, and nothing of who is gone.
 */
import type { Agent, AircallFailure, AircallUser, Availability, EmailAddress } from './model.ts';
import type { Presence } from './presence.ts';

/** The users of the pages that came. */
export type UserList = {
  readonly users: readonly AircallUser[];
  /** How many have a shape we don't know, or fell between two pages. */
  readonly unreadable: number;
  /** Why there are no further pages, where there should be. */
  readonly failure?: AircallFailure;
};

export type PresenceCheck = {
  readonly email: EmailAddress;
  readonly presence: Presence;
  readonly atMs: number;
};

/** No user at all while we know some: an error at Aircall, not a company without people. */
export function isNobodyListed({ users, failure }: UserList, stored: readonly Agent[]): boolean {
  return users.length === 0 && failure === undefined && stored.some(isOnAircall);
}

/** The users who are not stored as they are. */
export function findChanged(users: readonly AircallUser[], stored: readonly Agent[]): readonly AircallUser[] {
  const known = new Map(stored.map((agent) => [agent.email, agent]));
  return users.filter((user) => {
    const agent = known.get(user.email);
    const isSame =
      agent?.aircallUserId === user.aircallUserId &&
      agent.name === user.name &&
      agent.wrapUpSeconds === user.wrapUpSeconds;
    return !isSame;
  });
}

/** The agents who had a login and are not listed any more. */
export function findGone(list: UserList, stored: readonly Agent[]): readonly Agent[] {
  return isWhole(list) ? findUnlisted(list, stored).filter(isOnAircall) : [];
}

/** By e-mail, which is how agents are stored. Whom half a list does not name still has the login we know. */
export function findChecks(
  list: UserList,
  stored: readonly Agent[],
  availabilities: readonly Availability[],
): readonly PresenceCheck[] {
  const gone = new Set(findGone(list, stored));
  const unlisted = findUnlisted(list, stored).filter((agent) => !gone.has(agent));
  // A login that went over to someone else is theirs: the list is younger than the store.
  const emails = new Map([...unlisted, ...list.users].map((agent) => [agent.aircallUserId, agent.email]));
  return availabilities.flatMap(({ aircallUserId, presence, atMs }) => {
    const email = emails.get(aircallUserId);
    return email === undefined ? [] : [{ email, presence, atMs }];
  });
}

/** Whether it can be told from the list that someone is not at Aircall. */
function isWhole({ users, unreadable, failure }: UserList): boolean {
  return users.length > 0 && unreadable === 0 && failure === undefined;
}

function findUnlisted({ users }: UserList, stored: readonly Agent[]): readonly Agent[] {
  const listed = new Set(users.map(({ email }) => email));
  return stored.filter(({ email }) => !listed.has(email));
}

function isOnAircall(agent: Agent): boolean {
  return agent.aircallUserId !== undefined;
}
