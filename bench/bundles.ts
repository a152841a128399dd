/**
 * The bundles as serverless.yml has them built.
 */
import { globSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Bundle } from './cold-start.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

export async function measureBundles(): Promise<readonly Bundle[]> {
  const folder = mkdtempSync(join(tmpdir(), 'call-router-bundles-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await build({
    entryPoints: globSync('functions/*.ts', { cwd: root }).map((file) => join(root, file)),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    logLevel: 'error',
    banner: {
      js: "import { createRequire as createRequireForBundle } from 'node:module';const require=createRequireForBundle(import.meta.url);",
    },
  });
  return globSync('*.mjs', { cwd: folder })
    .toSorted()
    .map((file) => ({
      name: basename(file, '.mjs'),
      bytes: statSync(join(folder, file)).size,
      file: join(folder, file),
    }));
}
