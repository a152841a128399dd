/**
 * The free text that Aircall keeps of a contact → attributes: each line that is one word, a colon and a value.
 * Every other line is a remark for people.
 */
import { isColumnOfOurs } from './contact-row.ts';
import { parseEmailAddress } from './email-address.ts';
import type { EmailAddress } from './model.ts';

/** `https://…` is no attribute. Longer words than this are none either. */
const attributeLine = /^\s*[\p{L}\p{N}_-]{1,40}\s*:(?!\/\/)\s*\S/u;

/** Of several lines with one word the last counts. Names that the columns of a file of contacts have are left out. */
export function readInformation(text: string): Readonly<Record<string, string>> {
  const lines = text.split(/\r|\n/).filter((line) => attributeLine.test(line));
  const attributes = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const;
  });
  return Object.fromEntries(attributes.filter(([name]) => !isColumnOfOurs(name)));
}

/** Who the text names as `owner`, in letters of either case. */
export function readOwner(attributes: Readonly<Record<string, string>>): EmailAddress | undefined {
  const owner = Object.entries(attributes).find(([name]) => name.toLowerCase() === 'owner');
  return owner && parseEmailAddress(owner[1]);
}
