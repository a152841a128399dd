/**
 * The README is a promise. Run, as a reader would run them: the commands of "Try it on this machine", against an
 * `npm start` of this test's own. Only compared: of all `npx call-router` commands the names and options, with their
 * `--help`; the npm scripts, links and tables, with what is there. Not touched: what needs an account (`deploy`, `aws`), and
 * `npm ci`.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doubtTexts, ignoreTexts, leaveTexts } from '../lib/core/reason-texts.ts';
import packageJson from '../package.json' with { type: 'json' };
import { type NpmStart, npmStart } from './local/npm-start.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const commands = [...readme.matchAll(/```sh\n(.*?)```/gs)]
  .flatMap(([, block]) => block?.split('\n') ?? [])
  .map((line) => line.trim())
  .filter((line) => line !== '');

const scratch = mkdtempSync(join(tmpdir(), 'call-router-readme-'));
const environment = {
  ...process.env,
  PATH: [join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter),
  CALL_ROUTER_LOCAL_FOLDER: scratch,
};
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Runs a line of the README as a reader would, in a shell, at the project's root. */
async function run(line: string) {
  const { stdout } = await promisify(execFile)('bash', ['-c', line], { cwd: root, env: environment });
  return stdout;
}

/** Where there is no curl, what it would have sent is posted from here: the tests need Node and npm, no more. */
async function announce(line: string): Promise<unknown> {
  const [prepare = '', curl = ''] = line.split('| curl');
  const hasCurl = await run('command -v curl').then(
    () => true,
    () => false,
  );
  if (hasCurl) return JSON.parse(await run(line));

  const answer = await fetch(/http:\S+/.exec(curl)?.[0] ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: await run(prepare),
  });
  return answer.json();
}

const commandLike = (pattern: RegExp): string => {
  const line = commands.find((command) => pattern.test(command));
  if (line === undefined) throw new Error(`the README has no command like ${pattern}`);
  return line;
};

it('puts its two set-up commands on top', () => {
  expect(commands.slice(0, 2)).toEqual(['npm ci && npm run replay', 'npm run deploy -- --stage prod']);
});

it('names only scripts that exist', () => {
  const named = [...readme.matchAll(/npm (?:run )?([a-z]+)/g)].map(([, script]) => script);
  const scripts = [...Object.keys(packageJson.scripts), 'ci'];
  expect(scripts).toEqual(expect.arrayContaining(named));
});

it('links only to what is there', () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, link]) => link ?? '');
  expect(links.length).toBeGreaterThan(5);
  expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
});

describe('its commands for the operator', () => {
  const ours = commands.filter((command) => command.startsWith('npx call-router'));

  it.each([...new Set(ours)])('%s: the command and its options exist', async (command) => {
    const words = command.split(' ').slice(2);
    const isPath = (word: string) => /^[a-z][a-z-]*$/.test(word);
    const path = words.slice(0, words.findIndex((word) => !isPath(word)) >>> 0).slice(0, 2);
    const help = await run(`npx call-router ${path.join(' ')} --help`);
    const options = words.filter((word) => word.startsWith('--'));
    const missing = options.filter(
      (option) => option !== '--local' && option !== '--help' && !help.includes(option),
    );
    expect(missing).toEqual([]);
  });
});

describe('its tables', () => {
  it.each([
    { outcome: 'left', texts: leaveTexts },
    { outcome: 'in-doubt', texts: doubtTexts },
    { outcome: 'ignored', texts: ignoreTexts },
  ])('explain each reason that the code can give for $outcome, and no other', ({ outcome, texts }) => {
    const [, table = ''] = readme.match(new RegExp(`\\| \`${outcome}\` because .*\\n((?:\\|.*\\n)+)`)) ?? [];
    const explained = [...table.matchAll(/^\|([^|]*)\|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([a-z-]+)`/g)].map(([, reason]) => reason),
    );
    expect(explained.sort()).toEqual(Object.keys(texts).sort());
  });

  it('list every alarm', () => {
    const alarms = readFileSync(join(root, 'deploy/alarms.yml'), 'utf8');
    const names = [...alarms.matchAll(/AlarmName: \$\{self:custom\.serviceName\}-(\S+)/g)].map(
      ([, name]) => name,
    );
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });

  it('list every variable that is read', () => {
    const config = readFileSync(join(root, 'lib/config.ts'), 'utf8');
    const variables = [...config.matchAll(/'([A-Z]+(?:_[A-Z]+)+|STAGE)'/g)].map(([, name]) => name);
    expect(variables.length).toBeGreaterThan(5);
    expect(variables.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('its walk through a call on this machine', () => {
  let stack: NpmStart;
  const here = (line: string) => line.replaceAll('http://localhost:3000', stack.url);

  beforeAll(async () => {
    stack = await npmStart(scratch);
  });
  afterAll(() => stack?.close());

  // First: the calls that are only announced hold their agents for a while.
  it('plays a call, which the router transfers', async () => {
    const story = await run(`${commandLike(/npm run call/)} --after 0 --talk 0`);
    expect(story).toContain('the router transfers it to Jan de Vries (457)');
    expect(story).toContain('Jan de Vries (457) answers');
  });

  it('plays a call by the call flow, which rings whom the router names', async () => {
    // The flow's patience is for a warm function: this stranger's question starts it.
    await fetch(`${stack.url}/aircall/ring-to`, { method: 'POST' });
    const story = await run(`${commandLike(/npm run call .*--flow/)} --after 0 --talk 1`);
    expect(story).toContain('ring-to → 200 {"data":{"user_id":456}}');
    expect(story).toContain('the call flow rings Jane Doe (456)');
  });

  it('answers the call flow as it shows', async () => {
    const line = here(commandLike(/^curl .*ring-to/));
    const [, answer = ''] = readme.match(/```json\n(\{ "data": .*\})\n```/) ?? [];
    const [, authorization = '', body = ''] = line.match(/'authorization: (.*?)'.* -d '(.*)'/) ?? [];
    const headers = { authorization, 'content-type': 'application/json' };
    const asked = await fetch(/http:\S+/.exec(line)?.[0] ?? '', { method: 'POST', headers, body });
    expect(await asked.json()).toEqual(JSON.parse(answer));
    // That call is over: its agent is free for the next one.
    const stamp = 's/1763851200/$(date +%s)/; s/812000001/4713/';
    const hungup = await run(`sed "${stamp}" events/call-hungup.json`);
    await fetch(`${stack.url}/aircall/calls`, { method: 'POST', body: hungup });
  });

  it('routes the call it announces, with the answer it shows', async () => {
    const answer = readme.match(/```json\n(\{\s*"outcome".*?\})\n```/s)?.[1] ?? '';
    expect(await announce(here(commandLike(/\| curl/)))).toEqual(JSON.parse(answer));
  });

  it('takes the same call, announced again, for a duplicate', async () => {
    expect(await announce(here(commandLike(/\| curl/)))).toMatchObject({
      outcome: 'duplicate',
      callId: '4711',
    });
  });

  it('explains that call', async () => {
    const explanation = await run(commandLike(/explain 4711/));
    expect(explanation).toContain('4711');
    expect(explanation).toContain('jane@example.com');
    expect(explanation).toContain('456');
  });

  it('imports its sample contacts, and finds one of them', async () => {
    await run(commandLike(/contacts import events/));
    const found = await run(commandLike(/contacts get/));
    expect(found).toContain('Inès Moreau');
    expect(found).toContain('jan@example.com');
  });

  it('routes a call from an imported number', async () => {
    const line = here(commandLike(/\| curl/))
      .replace('4711', '4712')
      .replace('| curl', '| sed "s/+44 20 7946 0123/+33 1 99 00 00 08/" | curl');
    expect(await announce(line)).toMatchObject({
      outcome: 'routed',
      to: { kind: 'agent', aircallUserId: 457 },
    });
  });

  it('replays a sample against it', async () => {
    expect(await run(here(commandLike(/npm run replay -- --target/)))).toContain('1 as expected, 0 not');
  });
});
