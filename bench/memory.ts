/**
 * How much memory a process holds.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Its resident set in MB; `undefined` where this system doesn't tell. */
export function residentMegabytes(pid: number): number | undefined {
  const kilobytes = readProc(pid) ?? askPs(pid);
  return kilobytes === undefined ? undefined : Math.round(kilobytes / 1024);
}

function readProc(pid: number): number | undefined {
  try {
    const [, text] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return text === undefined ? undefined : Number(text);
  } catch {
    return undefined;
  }
}

function askPs(pid: number): number | undefined {
  try {
    const kilobytes = Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }));
    return Number.isFinite(kilobytes) && kilobytes > 0 ? kilobytes : undefined;
  } catch {
    return undefined;
  }
}
