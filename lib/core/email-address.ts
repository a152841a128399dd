/** `undefined` unless the text looks like one e-mail address; lower case, since systems differ in the case they keep. */
import type { EmailAddress } from './model.ts';

export function parseEmailAddress(text: string): EmailAddress | undefined {
  const email = text.trim().toLowerCase();
  return email.isWellFormed() && /^[^\s@/?#]+@[^\s@/?#]+\.[^\s@/?#]+$/.test(email)
    ? (email as EmailAddress)
    : undefined;
}
