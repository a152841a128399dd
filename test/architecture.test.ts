/**
 * The rings of the house, read from the source: which file may import which, and what may be said only where.
 * Every rule is shown a line that breaks it, too: a rule that can't fail keeps nothing.
 */
import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';

/** `path` from the project's root, with `/` on every system. */
type SourceFile = { readonly path: string; readonly text: string };
/** `target` is a path of ours, or the name of a package. */
type Import = { readonly target: string; readonly isType: boolean };

const root = join(import.meta.dirname, '..');
const files: readonly SourceFile[] = globSync('{lib,functions,cli,local,bench,test}/**/*.ts', { cwd: root })
  .map((path) => ({ path: path.replaceAll('\\', '/'), text: readFileSync(join(root, path), 'utf8') }))
  // It quotes what it forbids.
  .filter(({ path }) => path !== 'test/architecture.test.ts');

function readImports({ path, text }: SourceFile): readonly Import[] {
  const statements = /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
  const fromStatements = [...withoutComments(text).matchAll(statements)].map(([, type, target = '']) => ({
    target,
    isType: type !== undefined,
  }));
  const calls = [...withoutComments(text).matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)];

  return [...fromStatements, ...calls.map(([, target = '']) => ({ target, isType: false }))].map((found) => ({
    ...found,
    target: found.target.startsWith('.')
      ? posix.join(posix.dirname(path), found.target)
      : found.target.replace(/^node:.*/, 'node'),
  }));
}

/** Strings are stepped over, so that the `//` of a URL begins no comment. */
function withoutComments(text: string): string {
  return text.replace(
    /('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\/\/.*|\/\*[\s\S]*?\*\//g,
    '$1',
  );
}

type Rule = {
  readonly says: string;
  /** What is wrong with one file, in words. */
  readonly findBreaches: (file: SourceFile) => readonly string[];
  readonly breaking: Breach;
};
/** A file that breaks a rule, and what is to be said of it. */
type Breach = SourceFile & { readonly complaint: string };

/** Files under `within` import nothing but what `allows`. */
function importRule(rule: {
  readonly says: string;
  readonly within: RegExp;
  readonly allows: (found: Import, path: string) => boolean;
  readonly breaking: Breach;
}): Rule {
  return {
    ...rule,
    findBreaches: (file) =>
      rule.within.test(file.path)
        ? readImports(file)
            .filter((found) => !rule.allows(found, file.path))
            .map(({ target }) => `${file.path} imports ${target}`)
        : [],
  };
}

/** `words` stand only in files under `allowed`, of those under `within`. */
function wordRule(rule: {
  readonly says: string;
  readonly words: RegExp;
  readonly within: RegExp;
  readonly allowed?: RegExp;
  readonly breaking: Breach;
}): Rule {
  return {
    ...rule,
    findBreaches: ({ path, text }) =>
      rule.within.test(path) && !rule.allowed?.test(path)
        ? [...new Set(withoutComments(text).match(rule.words))].map((word) => `${path} says ${word}`)
        : [],
  };
}

const shipped = /^(lib|functions)\//;
const isIn = (...places: string[]) => {
  const pattern = new RegExp(`^lib/(${places.join('|')})`);
  return ({ target }: Import) => pattern.test(target);
};
const ports = '(account-)?ports\\.ts';
const composition = 'compose(-[a-z]+)?\\.ts';
const technologyOf = (path: string) => /^lib\/adapters\/([^/]+)\//.exec(path)?.[1];
/** Its build for today's engines is a path of its own; the types are the same. */
const isPhoneNumbers = ({ target }: Import) => /^libphonenumber-js\/min(\/es6)?$/.test(target);

const rules: readonly Rule[] = [
  importRule({
    says: 'the core imports only the core, and a library for phone numbers',
    within: /^lib\/core\//,
    allows: (found, path) =>
      isIn('core/')(found) ||
      (isPhoneNumbers(found) && (found.isType || path === 'lib/core/phone-number.ts')),
    breaking: {
      path: 'lib/core/model.ts',
      text: `import type { Now } from '../ports.ts';`,
      complaint: `lib/core/model.ts imports lib/ports.ts`,
    },
  }),
  importRule({
    says: 'the ports import only the core, and each other',
    within: /^lib\/(account-)?ports\.ts$/,
    allows: isIn('core/', ports),
    breaking: {
      path: 'lib/account-ports.ts',
      text: `import { createLog } from './adapters/log.ts';`,
      complaint: `lib/account-ports.ts imports lib/adapters/log.ts`,
    },
  }),
  importRule({
    says: 'the use cases import only the core, the ports and each other, and the type of a country',
    within: /^lib\/use-cases\//,
    allows: (found) => isIn('core/', ports, 'use-cases/')(found) || (isPhoneNumbers(found) && found.isType),
    breaking: {
      path: 'lib/use-cases/route-call.ts',
      text: `import { limits } from '../config.ts';`,
      complaint: `lib/use-cases/route-call.ts imports lib/config.ts`,
    },
  }),
  importRule({
    says: 'the adapters import the use cases as types at most, and neither configuration nor composition',
    within: /^lib\/adapters\//,
    allows: (found) =>
      !isIn('')(found) ||
      isIn('core/', ports, 'adapters/')(found) ||
      (found.isType && isIn('use-cases/')(found)),
    breaking: {
      path: 'lib/adapters/log.ts',
      text: `import { createRouteCall } from '../use-cases/route-call.ts';`,
      complaint: `lib/adapters/log.ts imports lib/use-cases/route-call.ts`,
    },
  }),
  importRule({
    says: 'an adapter knows one technology: those of different folders don’t import each other',
    within: /^lib\/adapters\/[^/]+\//,
    allows: ({ target }, path) => [undefined, technologyOf(path)].includes(technologyOf(target)),
    breaking: {
      path: 'lib/adapters/aircall/users.ts',
      text: `import { agentKey } from '../dynamodb/keys.ts';`,
      complaint: `lib/adapters/aircall/users.ts imports lib/adapters/dynamodb/keys.ts`,
    },
  }),
  importRule({
    says: 'the configuration imports only types, and the package’s own name',
    within: /^lib\/config\.ts$/,
    allows: ({ target, isType }) => isType || target === 'package.json',
    breaking: {
      path: 'lib/config.ts',
      text: `import { realClock } from './adapters/aircall/client.ts';`,
      complaint: `lib/config.ts imports lib/adapters/aircall/client.ts`,
    },
  }),
  importRule({
    says: 'within lib only the composition root imports the configuration',
    within: new RegExp(`^lib/(?!${composition}$)`),
    allows: (found) => !isIn('config\\.ts', composition)(found),
    breaking: {
      path: 'lib/adapters/log.ts',
      text: `export { limits } from '../config.ts';`,
      complaint: `lib/adapters/log.ts imports lib/config.ts`,
    },
  }),
  importRule({
    says: 'the functions import only composition, configuration and what reads their events, and types',
    within: /^functions\//,
    allows: (found) => found.isType || isIn(composition, 'config\\.ts', 'adapters/api-gateway/')(found),
    breaking: {
      path: 'functions/webhook.ts',
      text: `import { judgeCall } from '../lib/core/judge-call.ts';`,
      complaint: `functions/webhook.ts imports lib/core/judge-call.ts`,
    },
  }),
  importRule({
    says: 'what is deployed imports nothing of this machine: no cli, local, bench or test',
    within: shipped,
    allows: ({ target }) => !/^(cli|local|bench|test)\//.test(target),
    breaking: {
      path: 'functions/health.ts',
      text: `await import('../local/stack.ts');`,
      complaint: `functions/health.ts imports local/stack.ts`,
    },
  }),
  wordRule({
    says: 'the environment is read in config.ts alone',
    words: /\bprocess\.env\b|\bnode:process\b/g,
    within: shipped,
    allowed: /^lib\/config\.ts$/,
    breaking: {
      path: 'functions/health.ts',
      text: `const stage = process.env['STAGE'];`,
      complaint: `functions/health.ts says process.env`,
    },
  }),
  wordRule({
    says: 'core and use cases read no clock: the time is handed in',
    words:
      /\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\s*\)|\bperformance\b|\bhrtime\b|\bsetTimeout\b|\bsetInterval\b/g,
    within: /^lib\/(core|use-cases)\//,
    breaking: {
      path: 'lib/core/judge-call.ts',
      text: `const today = new Date();`,
      complaint: `lib/core/judge-call.ts says new Date()`,
    },
  }),
  wordRule({
    says: 'core and use cases are no dice: no randomness',
    words: /\bMath\.random\b|\brandomUUID\b|\brandomBytes\b/g,
    within: /^lib\/(core|use-cases)\//,
    breaking: {
      path: 'lib/core/plan-targets.ts',
      text: `targets.sort(() => Math.random());`,
      complaint: `lib/core/plan-targets.ts says Math.random`,
    },
  }),
  wordRule({
    says: 'nothing that is deployed writes to the console: that is the log’s business',
    words: /\bconsole\b|\bprocess\.std(out|err)\b/g,
    within: shipped,
    allowed: /^lib\/adapters\/write-line\.ts$/,
    breaking: {
      path: 'lib/adapters/metrics.ts',
      text: `console.log('published');`,
      complaint: `lib/adapters/metrics.ts says console`,
    },
  }),
  wordRule({
    says: 'Aircall’s names stay in its adapter',
    words:
      /\b(raw_digits|started_at|answered_at|ended_at|user_id|team_id|availability_status|next_page_link|webhook_id|transferred_to|custom_name|company_id|access_token|redirect_uri|grant_type|client_secret)\b/g,
    within: shipped,
    allowed: /^lib\/adapters\/aircall\//,
    breaking: {
      path: 'lib/core/model.ts',
      text: `export type Call = { readonly raw_digits: string };`,
      complaint: `lib/core/model.ts says raw_digits`,
    },
  }),
  wordRule({
    says: 'the table’s keys stay in its adapter',
    words: /\b(pk|sk)\b/g,
    within: shipped,
    allowed: /^lib\/adapters\/dynamodb\//,
    breaking: {
      path: 'lib/use-cases/route-call.ts',
      text: `const key = { pk: 'CALL' };`,
      complaint: `lib/use-cases/route-call.ts says pk`,
    },
  }),
  wordRule({
    says: 'the words of a queue stay in its adapter',
    words: /\b(DelaySeconds|QueueUrl|MessageBody|ReceiptHandle)\b/g,
    within: shipped,
    allowed: /^lib\/adapters\/sqs\//,
    breaking: {
      path: 'lib/use-cases/reroute-call.ts',
      text: `const message = { DelaySeconds: 25 };`,
      complaint: `lib/use-cases/reroute-call.ts says DelaySeconds`,
    },
  }),
  wordRule({
    says: 'the AWS SDK and HTTP stay in the adapters',
    words: /@aws-sdk\/[\w-]+|\bfetch\(|\bnode:https?\b/g,
    within: shipped,
    allowed: /^lib\/adapters\//,
    breaking: {
      path: 'lib/use-cases/route-call.ts',
      text: `await fetch('https://api.aircall.io');`,
      complaint: `lib/use-cases/route-call.ts says fetch(`,
    },
  }),
  wordRule({
    says: 'every export has a name',
    words: /\bexport default\b|\bas default\b/g,
    within: /./,
    breaking: {
      path: 'cli/doctor.ts',
      text: `export default function doctor() {}`,
      complaint: `cli/doctor.ts says export default`,
    },
  }),
];

describe.each(rules)('$says', ({ findBreaches, breaking }) => {
  it('holds in every file', () => {
    expect(files.flatMap(findBreaches)).toEqual([]);
  });

  it('would be noticed, were it broken', () => {
    expect(findBreaches(breaking)).toEqual([breaking.complaint]);
  });
});

describe('the reader of the source', () => {
  it('finds the files, each ring of them', () => {
    const paths = files.map(({ path }) => path);

    expect(paths).toEqual(
      expect.arrayContaining([
        'lib/core/model.ts',
        'lib/ports.ts',
        'lib/use-cases/route-call.ts',
        'lib/adapters/aircall/client.ts',
        'lib/account-ports.ts',
        'lib/compose.ts',
        'lib/compose-install.ts',
        'functions/webhook.ts',
        'local/simulated-aircall.ts',
      ]),
    );
  });

  it('finds the imports of a file as it stands here', () => {
    const compose = files.find(({ path }) => path === 'lib/compose.ts') ?? { path: '', text: '' };

    expect(readImports(compose)).toEqual(
      expect.arrayContaining([
        { target: 'lib/adapters/aircall/client.ts', isType: false },
        { target: 'lib/compose-accounts.ts', isType: false },
        { target: 'lib/config.ts', isType: false },
        { target: 'lib/core/account.ts', isType: false },
        { target: 'lib/ports.ts', isType: true },
        { target: 'lib/use-cases/route-call.ts', isType: false },
      ]),
    );
  });

  it('reads every way to import', () => {
    const text = `
      /** import { no } from './a-comment.ts'; */
import { a, type B } from './a.ts';
import type { C } from '../ports.ts';
import {
  d,
} from "../core/d.ts";
import * as z from 'zod/mini';
import json from '../../package.json' with { type: 'json' };
import './effect.ts';
import { setTimeout as sleep } from 'node:timers/promises';
export { e } from './e.ts';
export type { F } from './f.ts';
export * from './g.ts';
const h = await import('./h.ts');
const url = 'https://example.com'; // import './no.ts'
`;

    expect(readImports({ path: 'lib/adapters/log.ts', text })).toEqual([
      { target: 'lib/adapters/a.ts', isType: false },
      { target: 'lib/ports.ts', isType: true },
      { target: 'lib/core/d.ts', isType: false },
      { target: 'zod/mini', isType: false },
      { target: 'package.json', isType: false },
      { target: 'lib/adapters/effect.ts', isType: false },
      { target: 'node', isType: false },
      { target: 'lib/adapters/e.ts', isType: false },
      { target: 'lib/adapters/f.ts', isType: true },
      { target: 'lib/adapters/g.ts', isType: false },
      { target: 'lib/adapters/h.ts', isType: false },
    ]);
  });

  it('tells a comment from the // of a URL', () => {
    expect(withoutComments(`const url = 'https://a'; // process.env\n/* pk */ const b = "/*";`)).toBe(
      `const url = 'https://a'; \n const b = "/*";`,
    );
  });
});
