/**
 * The clients that the peers share with the router: the same table client with the same times, and the same HTTP client.
 */
import { sendHttp } from '../../lib/adapters/aircall/send-http.ts';
import { createDocumentClient } from '../../lib/adapters/dynamodb/table.ts';
import { limits } from '../../lib/config.ts';
import type { PeerEnvironment } from './peer.ts';

export function openTable(environment: PeerEnvironment) {
  const client = createDocumentClient(limits.table, {
    endpoint: required(environment, 'AWS_ENDPOINT_URL_DYNAMODB'),
    region: required(environment, 'AWS_REGION'),
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return { client, name: required(environment, 'TABLE_NAME') };
}

/** Asks Aircall, and throws where it says no. */
export type AskAircall = (method: 'GET' | 'POST', path: string, json?: object) => Promise<unknown>;

export function openAircall(environment: PeerEnvironment): AskAircall {
  const url = required(environment, 'AIRCALL_API_URL');
  const key = `${required(environment, 'AIRCALL_API_ID')}:${required(environment, 'AIRCALL_API_TOKEN')}`;
  const headers = {
    authorization: `Basic ${Buffer.from(key).toString('base64')}`,
    'content-type': 'application/json',
  };

  return async function askAircall(method, path, json) {
    const body = json === undefined ? undefined : JSON.stringify(json);
    const timeoutMs = limits.background.aircallMs;
    const { status, text } = await sendHttp({ method, url: `${url}/${path}`, headers, body, timeoutMs });
    if (status < 200 || status > 299) throw new Error(`${method} ${path}: ${status}`);
    return text === '' ? undefined : JSON.parse(text);
  };
}

function required(environment: PeerEnvironment, name: string): string {
  const value = environment[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}
