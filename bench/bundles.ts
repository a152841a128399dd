/**
 * Bundles as they are deployed: the options are serverless.yml's, read and not repeated. A test compares the sizes with
 * those that `serverless package` comes to.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { readService, root, type Service } from './service.ts';

/** Bytes of each function's bundle, by the name that serverless.yml gives the function. */
export async function measureBundles(): Promise<Readonly<Record<string, number>>> {
  const service = await readService();
  const sizes = Object.entries(service.functions).map(async ([name, { handler }]) => {
    const text = await bundle(optionsOf(service), { entryPoints: [sourceOf(handler)] });
    return [name, text.length] as const;
  });
  return Object.fromEntries(await Promise.all(sizes));
}

/** `functions/webhook.handler` → `functions/webhook.ts` */
export function sourceOf(handler: string): string {
  return handler.replace(/\.[^./]+$/, '.ts');
}

/** esbuild's part of the options: the others are for the plugin that calls it. */
export function optionsOf({ custom }: Service): BuildOptions {
  const { exclude: _exclude, watch: _watch, outputFileExtension, plugins, ...options } = custom.esbuild;

  return {
    ...options,
    outExtension: { '.js': String(outputFileExtension) },
    ...(typeof plugins === 'string' && { plugins: createRequire(import.meta.url)(join(root, plugins)) }),
  };
}

/** The text of one bundle. */
export async function bundle(options: BuildOptions, entry: BuildOptions): Promise<Uint8Array> {
  const { outputFiles } = await build({
    ...options,
    ...entry,
    absWorkingDir: root,
    outdir: 'nowhere',
    write: false,
  });
  const [file, ...others] = outputFiles;
  if (file === undefined || others.length > 0) throw new Error('A bundle is one file');
  return file.contents;
}
