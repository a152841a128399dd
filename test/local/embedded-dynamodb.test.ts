/** What the embedded DynamoDB says of a folder that it can't use. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startEmbeddedDynamodb } from '../../local/embedded-dynamodb.ts';

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'call-router-dynamodb-'));
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

it('names another process only where one has the folder', async () => {
  const dynamodb = await startEmbeddedDynamodb({ path });
  await expect(startEmbeddedDynamodb({ path })).rejects.toThrow(`${path} is in use by another process`);
  await dynamodb.close();
});

it('says what is wrong with a damaged folder, and that it may be deleted', async () => {
  await (await startEmbeddedDynamodb({ path })).close();
  writeFileSync(join(path, 'CURRENT'), 'garbage');

  const message = await startEmbeddedDynamodb({ path }).then(
    () => 'it started',
    (error: Error) => error.message,
  );
  expect(message).toBe(
    `${path} could not be opened: Corruption: CURRENT file does not end with newline; if it is damaged, delete it: the samples are made anew`,
  );
});
