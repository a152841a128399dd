/**
 * What serverless.yml says, as the framework reads it: variables and defaults resolved, for the default stage, which
 * needs neither an account nor a network.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const root = join(import.meta.dirname, '..');

export type Service = {
  readonly custom: { readonly esbuild: Readonly<Record<string, unknown>> };
  readonly functions: Readonly<Record<string, { readonly handler: string }>>;
};

export async function readService(): Promise<Service> {
  const serverless = join(root, 'node_modules/serverless/bin/serverless.js');
  const { stdout } = await run(process.execPath, [serverless, 'print', '--format', 'json'], { cwd: root });
  return JSON.parse(stdout);
}
