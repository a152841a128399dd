import type { EmailAddress } from './model.ts';

/** None is longer. The pattern takes a time that grows with the square of the length. */
const mostCharacters = 254;

/** `undefined` unless the text looks like one e-mail address; lower case, since systems differ in the case they keep. */
export function parseEmailAddress(text: string): EmailAddress | undefined {
  const email = text.trim().toLowerCase();
  if (email.length > mostCharacters) return undefined;

  return email.isWellFormed() && /^[^\s@/?#]+@[^\s@/?#]+\.[^\s@/?#]+$/.test(email)
    ? (email as EmailAddress)
    : undefined;
}
