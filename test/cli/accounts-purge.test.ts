/** Everything of a company, deleted: `accounts purge`. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFindContact } from '../../lib/adapters/dynamodb/contacts.ts';
import { createAcceptToken, hashToken } from '../../lib/adapters/dynamodb/webhook-tokens.ts';
import type { AccountId } from '../../lib/core/model.ts';
import { phone, t0 } from '../builders.ts';
import { startFaultyProxy } from '../fakes/faulty-proxy.ts';
import { type AccountStack, startAccountStack } from './account-stack.ts';
import { tableOf } from './store.ts';

let stack: AccountStack;
beforeEach(async () => {
  stack = await startAccountStack();
});
afterEach(() => stack.close());

const purge = (argv: readonly string[], typed?: string) =>
  stack.run(['accounts', 'purge', ...argv], {}, typed);
const theo = phone('+33199000042');
const ask = 'Delete all contacts, agents, policies and calls of tidewater, Tidewater Books? [y/N] ';

/** A company that was disabled at t0, with two contacts and a webhook. */
async function putTidewater(accountId = 'tidewater') {
  const tokenHash = hashToken(`token-of-${accountId}`);
  await createAcceptToken(stack.store)({ accountId: accountId as AccountId, tokenHash }, undefined, soon());
  await stack.putAccount(accountId, { status: 'disabled', webhookId: 'w1', tokenHashes: [tokenHash] });
  for (const number of [theo, '+442079460123']) {
    const argv = ['contacts', 'assign', number, 'nina@example.com', '--account', accountId];
    expect((await stack.run(argv)).exitCode).toBe(0);
  }
}

async function hasContact(accountId: string): Promise<boolean> {
  const found = await createFindContact(tableOf(stack.store, accountId))(theo, soon());
  return found.ok && found.value !== undefined;
}

const soon = () => Date.now() + 10_000;

describe('accounts purge', () => {
  it('deletes everything of a company, and nothing of another one', async () => {
    await putTidewater('tidewater');
    await putTidewater('tidewater-2');
    expect(await purge(['tidewater', '--yes'])).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'deleted tidewater: 4 items\nnext: delete its webhook at Aircall (dashboard): w1\n',
    });
    expect(await stack.findAccount('tidewater')).toBeUndefined();
    expect(await hasContact('tidewater')).toBe(false);
    expect(await stack.ownerOf('token-of-tidewater')).toBeUndefined();

    expect(await stack.findAccount('tidewater-2')).toMatchObject({ status: 'disabled' });
    expect(await hasContact('tidewater-2')).toBe(true);
    expect(await stack.ownerOf('token-of-tidewater-2')).toBe('tidewater-2');
    expect((await stack.run(['contacts', 'get', '+12025550101'])).exitCode).toBe(0);
  });

  it('has nothing to say of the webhooks of a company that uninstalled the router: these are gone', async () => {
    await stack.putAccount('gone', {
      status: 'uninstalled',
      letInBy: 'oauth',
      webhookId: 'w1',
      uninstalledAtMs: t0,
    });
    expect(await purge(['gone', '--yes'])).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'deleted gone: 1 item\n',
    });
  });

  it('asks whoever is there, and does it after a yes', async () => {
    await putTidewater();
    const { exitCode, stdout, stderr } = await purge(['tidewater'], 'y\n');
    expect([exitCode, stdout]).toEqual([0, '']);
    expect(stderr).toContain(ask);
    expect(await stack.findAccount('tidewater')).toBeUndefined();
  });

  it.each(['n\n', '\n', ''])('does nothing after any other answer: %j', async (typed) => {
    await putTidewater();
    const { exitCode, stderr } = await purge(['tidewater'], typed);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/error: not confirmed, nothing was done\n$/);
    expect(await hasContact('tidewater')).toBe(true);
  });

  it('does nothing without --yes where nobody is there', async () => {
    await putTidewater();
    expect(await purge(['tidewater'])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'error: nobody is here to confirm this: give --yes to delete it all; nothing was done\n',
    });
    expect(await hasContact('tidewater')).toBe(true);
  });

  it('asks with a name from Aircall without control characters', async () => {
    await stack.putAccount('lantern', { status: 'disabled', name: 'Lantern\u001b[2J & Co' });
    expect((await purge(['lantern'], 'n\n')).stderr).toContain('of lantern, Lantern [2J & Co? [y/N] ');
  });

  it('refuses one that is active', async () => {
    await stack.putAccount('tidewater');
    expect(await purge(['tidewater', '--yes'])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'error: tidewater is active; first: npx call-router accounts disable tidewater\n',
    });
    expect(await stack.findAccount('tidewater')).toMatchObject({ status: 'active' });
  });

  it('refuses one that was disabled less than a quarter of an hour ago: work for it may still be under way', async () => {
    await stack.putAccount('tidewater');
    await stack.run(['accounts', 'disable', 'tidewater']);
    const { exitCode, stdout, stderr } = await purge(['tidewater', '--yes']);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toBe('error: work for tidewater may still be under way: try again in 15 min\n');
    expect(await stack.findAccount('tidewater')).toMatchObject({ status: 'disabled' });
  });

  it.each([
    ['half a minute short of a quarter of an hour', 870_000, '1 min'],
    ['a quarter of an hour ago', 900_000, undefined],
  ])('counts from the last change: %s', async (_, agoMs, waits) => {
    await stack.putAccount('tidewater', { status: 'disabled', changedAtMs: Date.now() - agoMs });
    const { exitCode, stderr } = await purge(['tidewater', '--yes']);
    expect(exitCode).toBe(waits === undefined ? 0 : 1);
    if (waits !== undefined) expect(stderr).toMatch(new RegExp(`try again in (${waits})\\n$`));
  });

  it('is completed by the next one after a failure: the account goes last', async () => {
    await putTidewater();
    const proxy = await startFaultyProxy(stack.local.dynamodb.url);
    proxy.mode = 'fail';
    proxy.only = /^DeleteItem/;
    const argv = ['accounts', 'purge', 'tidewater', '--yes'];
    expect(await stack.run(argv, { AWS_ENDPOINT_URL_DYNAMODB: proxy.url })).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'error: the table could not be used: InternalServerError; run this again to complete it\n',
    });
    await proxy.close();
    expect(await hasContact('tidewater')).toBe(false);
    expect(await stack.ownerOf('token-of-tidewater')).toBe('tidewater');

    expect(await stack.findAccount('tidewater')).toMatchObject({
      status: 'uninstalled',
      purgingAtMs: expect.any(Number),
    });
    expect(await purge(['tidewater', '--yes'])).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/\nnext: delete its webhook at Aircall \(dashboard\): w1\n$/),
    });
    expect(await stack.findAccount('tidewater')).toBeUndefined();
    expect(await stack.ownerOf('token-of-tidewater')).toBeUndefined();
  });

  it.each([
    [['lantern', '--yes'], 1, 'there is no account lantern; see: npx call-router accounts list'],
    [['default', '--yes'], 2, 'default is the account of the environment: its data goes with the table'],
    [[], 2, "missing required argument 'id'"],
  ])('takes no such account: %j', async (argv, exitCode, error) => {
    expect(await purge(argv)).toEqual({ exitCode, stdout: '', stderr: `error: ${error}\n` });
  });
});
