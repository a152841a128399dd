/** The note on what we depend on, held to what is installed. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import lock from '../package-lock.json' with { type: 'json' };

type Installed = {
  readonly dev?: boolean;
  readonly license?: string;
  readonly hasInstallScript?: boolean;
  readonly integrity?: string;
};

const note = readFileSync(new URL('../docs/decisions/0022-what-we-depend-on.md', import.meta.url), 'utf8');
const rows = new Map(
  [...note.matchAll(/^\| `([^`]+)` +\| (.+?) +\| +(\d+) \| (\S+) +\|$/gm)].map(
    ([, name = '', why, size, licence]) => [name, { why, size: Number(size), licence }],
  ),
);
const installed: ReadonlyMap<string, Installed> = new Map(
  Object.entries(lock.packages as Record<string, Installed>)
    .filter(([path]) => path !== '')
    .map(([path, it]) => [path.replace(/^.*node_modules\//, ''), it]),
);
const inProduction = [...installed].filter(([, { dev }]) => dev !== true);

describe('a runtime dependency', () => {
  it('has a line that says what for, how large and by which licence it is', () => {
    expect([...rows.keys()].toSorted()).toEqual(Object.keys(packageJson.dependencies).toSorted());
  });

  it.each(Object.keys(packageJson.dependencies))('has the licence that its line says: %s', (name) => {
    expect(rows.get(name)?.licence).toBe(installed.get(name)?.license);
  });

  it('brings others by licences that the note names, and as many as it says', () => {
    const licences = [...new Set(inProduction.map(([, { license }]) => license))].toSorted();
    expect(licences).toEqual(['0BSD', 'Apache-2.0', 'MIT']);
    expect(note).toContain('the licences are Apache-2.0, MIT and 0BSD');
    expect(note).toContain(
      `Eight packages are in \`dependencies\`, ${inProduction.length} with what they bring`,
    );
    expect(rows.size).toBe(8);
  });

  it('runs no script while it is installed', () => {
    expect(inProduction.filter(([, { hasInstallScript }]) => hasInstallScript)).toEqual([]);
  });
});

describe('a script that runs while a package is installed', () => {
  const withScript = [...installed].filter(([, { hasInstallScript }]) => hasInstallScript);

  it('is allowed or forbidden by name, and no package is listed that has none', () => {
    expect(Object.keys(packageJson.allowScripts).toSorted()).toEqual(
      withScript.map(([name]) => name).toSorted(),
    );
  });

  it.each(Object.entries(packageJson.allowScripts))('is in the note: %s', (name) => {
    expect(note).toContain(`\`${name}\``);
  });
});

it('every package is certain to the byte', () => {
  expect([...installed].filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
});
