/**
 * One clock for all processes of this machine: milliseconds, that never go back.
 */
export function clockMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
