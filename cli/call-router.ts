#!/usr/bin/env node
/**
 * `npx call-router …`: the operator's commands.
 */
import { run } from './run.ts';

// Whoever reads our output may stop early: `… | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

process.exitCode = await run(process.argv.slice(2), { stdout: process.stdout, stderr: process.stderr });
