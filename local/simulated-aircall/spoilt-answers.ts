/**
 * Answers that came whole and are wrong all the same.
 */
import { type Answer, json } from './answer.ts';

/** One without a body, such as a 204, gets one. */
export function spoilAnswer(answer: Answer, spoil: (text: string) => string): Answer {
  const { status, headers, text = '{"call":{}}' } = answer;
  return { ...json(status === 204 ? 200 : status, {}, headers), text: spoil(text) };
}

/** Texts are numbers, numbers are texts, lists are objects, and what is left is a list. */
export function spoilTypes(text: string): string {
  return JSON.stringify(JSON.parse(text, (_key, value) => spoil(value)));
}

function spoil(value: unknown): unknown {
  if (typeof value === 'string') return value.length;
  if (typeof value === 'number') return `${value}, or so`;
  if (Array.isArray(value)) return { ...value };
  return typeof value === 'object' && value !== null ? value : [value];
}

/** 30 MB in small values: long to read, and longer to parse. */
export function hugeText(): string {
  return `[${'1,'.repeat(15 * 1024 * 1024)}1]`;
}
