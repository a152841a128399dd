/** 30 MB of JSON in small values: long to read, and longer to parse. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

const chunk = Buffer.from('1,'.repeat(32 * 1024));
const chunks = 480;

/** @returns how much of it was taken before whoever asked hung up */
export async function sendHugeBody(response: ServerResponse): Promise<number> {
  const gone = once(response, 'close');
  response.write('[');
  for (let sent = 0; sent < chunks; sent += 1) {
    if (response.destroyed) return sent * chunk.length;
    if (!response.write(chunk)) await Promise.race([once(response, 'drain'), gone]);
  }
  response.end('1]');
  return chunks * chunk.length;
}
