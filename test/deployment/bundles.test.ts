/**
 * What serverless.yml leaves out of the bundles must not be missed in them.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { getCountries, getCountryCallingCode } from 'libphonenumber-js/min';
import examples from 'libphonenumber-js/mobile/examples';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bundle, optionsOf } from '../../bench/bundles.ts';
import { readService } from '../../bench/service.ts';
import * as unbundled from '../../lib/core/phone-number.ts';

const scratch = mkdtempSync(join(tmpdir(), 'call-router-bundles-'));
let options: BuildOptions;

beforeAll(async () => {
  options = optionsOf(await readService());
});

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(scratch, { recursive: true, force: true });
});

async function importBundled(name: string, entry: BuildOptions) {
  const path = join(scratch, `${name}.mjs`);
  writeFileSync(path, await bundle(options, entry));
  return import(path);
}

describe('phone numbers', () => {
  it('are read in a bundle as they are outside one, in every country', async () => {
    const bundled: typeof unbundled = await importBundled('phone-number', {
      entryPoints: ['lib/core/phone-number.ts'],
    });

    for (const country of getCountries()) {
      const national = examples[country];
      const texts = [
        `+${getCountryCallingCode(country)}${national}`,
        national,
        `0${national}`,
        `1${national}`,
        '911',
      ];
      for (const text of texts.filter((text) => text !== undefined)) {
        const phone = unbundled.parsePhoneNumber(text, country);

        expect(bundled.parsePhoneNumber(text, country), `${text} in ${country}`).toBe(phone);
        if (phone !== undefined) expect(bundled.countryOf(phone), phone).toBe(unbundled.countryOf(phone));
      }
      expect(bundled.parseCountry(country)).toBe(country);
    }
    for (const phone of ['+80012345678', '+882161234567', '+999123456', '+1800']) {
      expect(bundled.parsePhoneNumber(phone), phone).toBe(unbundled.parsePhoneNumber(phone));
    }
  });
});

describe('credentials', () => {
  const client = `
    import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
    export const readCredentials = () => new DynamoDBClient({ region: 'eu-west-1' }).config.credentials();
  `;

  it('come from the environment, where Lambda puts them, and from nowhere else', async () => {
    const { readCredentials } = await importBundled('client', {
      stdin: { contents: client, resolveDir: import.meta.dirname },
    });

    vi.stubEnv('AWS_PROFILE', 'somebody');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    vi.stubEnv('AWS_SESSION_TOKEN', 'session');
    expect(await readCredentials()).toMatchObject({
      accessKeyId: 'key',
      secretAccessKey: 'secret',
      sessionToken: 'session',
    });

    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    await expect(readCredentials()).rejects.toMatchObject({ name: 'CredentialsProviderError' });
  });
});

describe('errors', () => {
  const client = `
    import { ConditionalCheckFailedException, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
    import { DecryptCommand, KMSClient } from '@aws-sdk/client-kms';
    const told = async (asked) => {
      try { await asked } catch (error) {
        return [error.name, error instanceof ConditionalCheckFailedException, error.$metadata.attempts];
      }
    };
    export const askTable = (config) =>
      told(new DynamoDBClient(config).send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'x' } } })));
    export const askKms = (config) =>
      told(new KMSClient(config).send(new DecryptCommand({ CiphertextBlob: new Uint8Array([1]) })));
  `;

  it('have their names in a bundle, known ones and others, are tried again where that may help, and one has its class', async () => {
    let type = '';
    const server = createServer((request, response) => {
      request.resume().on('end', () => {
        response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
        response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'no' }));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { askTable, askKms } = await importBundled('errors', {
      stdin: { contents: client, resolveDir: import.meta.dirname },
    });
    const config = {
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
      maxAttempts: 2,
    };
    const answers = async (named: string, ask: typeof askTable) => {
      type = named;
      return ask(config);
    };
    try {
      expect(await answers('ConditionalCheckFailedException', askTable)).toEqual([
        'ConditionalCheckFailedException',
        true,
        1,
      ]);
      expect(await answers('ProvisionedThroughputExceededException', askTable)).toEqual([
        'ProvisionedThroughputExceededException',
        false,
        2,
      ]);
      expect(await answers('NeverHeardOfException', askTable)).toEqual(['NeverHeardOfException', false, 1]);
      expect(await answers('InvalidCiphertextException', askKms)).toEqual([
        'InvalidCiphertextException',
        false,
        1,
      ]);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
