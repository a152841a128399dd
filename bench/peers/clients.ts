/**
 * The clients that the peers share with the router: the same table client with the same times, and the same HTTP client.
 */
import ky, { type KyInstance } from 'ky';
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

export function openAircall(environment: PeerEnvironment): KyInstance {
  const key = `${required(environment, 'AIRCALL_API_ID')}:${required(environment, 'AIRCALL_API_TOKEN')}`;
  return ky.create({
    prefix: required(environment, 'AIRCALL_API_URL'),
    retry: 0,
    headers: { authorization: `Basic ${Buffer.from(key).toString('base64')}` },
  });
}

function required(environment: PeerEnvironment, name: string): string {
  const value = environment[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}
