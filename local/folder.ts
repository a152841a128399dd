/**
 * Where the local stack keeps its table and its key, and says where it listens: `.local/` beside package.json, unless
 * `CALL_ROUTER_LOCAL_FOLDER` names another place.
 */
import { fileURLToPath } from 'node:url';

const standardFolder = fileURLToPath(new URL('../.local', import.meta.url));

export function localFolder(): string {
  return process.env['CALL_ROUTER_LOCAL_FOLDER'] ?? standardFolder;
}

/** The table's items. */
export function dataFolder(): string {
  return `${localFolder()}/dynamodb`;
}

/** What seals the credentials of accounts. */
export function sealingKeyFile(): string {
  return `${localFolder()}/sealing.key`;
}

/** Written while `npm start` runs: `{ "environment": {…}, "pid": 123 }`. */
export function stackFile(): string {
  return `${localFolder()}/stack.json`;
}
