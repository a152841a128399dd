import { describe, expect, it } from 'vitest';
import { parseEmailAddress } from '../../lib/core/email-address.ts';

describe('an e-mail address', () => {
  it.each([
    ['Jane@Example.com', 'jane@example.com'],
    ['  jane.doe+eu@sub.example.com ', 'jane.doe+eu@sub.example.com'],
  ])('%j is %s', (text, expected) => {
    expect(parseEmailAddress(text)).toBe(expected);
  });

  it('has at most 254 characters, and no text is looked at for longer than that', () => {
    const longest = `${'a'.repeat(242)}@example.com`;
    expect(parseEmailAddress(` ${longest}`)).toBe(longest);
    expect(parseEmailAddress(`a${longest}`)).toBeUndefined();
    // Its pattern would take ten seconds.
    expect(parseEmailAddress(`a@${'a.'.repeat(100_000)}@`)).toBeUndefined();
  });

  it.each([
    [''],
    ['jane\ud800@example.com'],
    ['jane'],
    ['jane@'],
    ['@example.com'],
    ['jane@example'],
    ['jane@example.'],
    ['jane doe@example.com'],
    ['jane@exa mple.com'],
    ['jane@example.c om'],
    ['jane@@example.com'],
    ['jane@example.com@example.com'],
    ['../jane@example.com'],
    ['jane@example.com/..'],
    ['jane@exa/mple.com'],
    ['jane?x@example.com'],
    ['jane@exa?mple.com'],
    ['jane@example.com?x'],
    ['jane#x@example.com'],
    ['jane@exa#mple.com'],
    ['jane@example.com#x'],
    ['jane@example.com jan@example.com'],
  ])('is not %j', (text) => {
    expect(parseEmailAddress(text)).toBeUndefined();
  });
});
