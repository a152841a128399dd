/**
 * A policy from a file, or everything that is wrong with it, a line for each problem. But for the names of rules, what the
 * file says is not repeated: such lines may be passed on.
 */
import { readFile } from 'node:fs/promises';
import { isObject } from '../lib/core/document-reader.ts';
import { type PolicyProblem, parsePolicy } from '../lib/core/parse-policy.ts';
import type { Policy } from '../lib/core/policy.ts';
import { fail, type Result, succeed } from '../lib/core/result.ts';

/** `notes`: what is in order, and perhaps not what was meant. */
export type ReadPolicy = { readonly policy: Policy; readonly notes: readonly string[] };

export async function readPolicyFile(path: string): Promise<Result<ReadPolicy, readonly string[]>> {
  const text = await readText(path);
  if (!text.ok) return fail([text.failure]);
  const document = readJson(text.value);
  if (!document.ok) return fail([document.failure]);

  const policy = parsePolicy(document.value);
  return policy.ok
    ? succeed({ policy: policy.value, notes: noteDatesInUtc(policy.value, document.value) })
    : fail(policy.failure.map(describeProblem));
}

async function readText(path: string): Promise<Result<string, string>> {
  try {
    return succeed((await readFile(path, 'utf8')).replace(/^\uFEFF/, ''));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EISDIR') return fail('not a file');
    return fail(code === 'ENOENT' ? 'no such file' : 'cannot be read');
  }
}

function readJson(text: string): Result<unknown, string> {
  const verdict = judgeJson(text);
  if (verdict === 'whole') return succeed(JSON.parse(text));
  if (verdict === 'unfinished') return fail('not JSON: the file ends before the document does');

  const before = text.slice(0, findMistake(text)).split('\n');
  return fail(`not JSON: line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`);
}

/**
 * The place of the first wrong character, which JSON.parse doesn't always tell: with it ends the shortest beginning of the
 * text that no continuation could save.
 */
function findMistake(text: string): number {
  let [good, bad] = [0, text.length];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (judgeJson(text.slice(0, middle)) === 'wrong') bad = middle;
    else good = middle;
  }
  return bad - 1;
}

/** `unfinished`: all that is wrong with it is that it ends. */
function judgeJson(text: string): 'whole' | 'unfinished' | 'wrong' {
  try {
    JSON.parse(text);
    return 'whole';
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const position = /at position (\d+)/.exec(message)?.[1];
    const isAtEnd = position !== undefined && Number(position) >= text.length;
    return isAtEnd || /^Un(expected end|terminated)/.test(message) ? 'unfinished' : 'wrong';
  }
}

/** A parsed policy has a zone whether or not somebody chose it. */
function noteDatesInUtc({ rules }: Policy, document: unknown): readonly string[] {
  if (isObject(document) && Object.hasOwn(document, 'zone')) return [];

  return rules
    .filter(({ when }) => when?.dates !== undefined && when.hours === undefined)
    .map(({ name }) => `rule ${name}: its dates are days in UTC; set zone for another`);
}

function describeProblem({ path, expected }: PolicyProblem): string {
  return `${path === '' ? 'the document' : path}: expected ${expected}`;
}
