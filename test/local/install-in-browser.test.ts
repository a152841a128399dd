/**
 * An installation as a person clicks through it, in a headless Chromium on `npm start`. Where no Chromium is installed
 * (Debian's package `chromium`), it is skipped, and says so.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type NpmStart, npmStart } from './npm-start.ts';

const executablePath = '/usr/bin/chromium';
const isThere = existsSync(executablePath);
if (!isThere)
  process.stderr.write(`skipped: the installation in a browser, for there is no ${executablePath}\n`);

/** Nothing of Chromium's own goes out to the network. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describe.skipIf(!isThere)('in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'call-router-browser-'));
  let stack: NpmStart;
  let browser: Browser;
  beforeAll(async () => {
    [stack, browser] = await Promise.all([npmStart(folder), chromium.launch({ executablePath, args })]);
  }, 60_000);
  afterAll(async () => {
    await Promise.all([stack?.close(), browser?.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const openInstall = async (): Promise<Page> => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${stack.url}/aircall/oauth/install`);
    return page;
  };
  const accounts = async (): Promise<readonly { accountId: string; status: string }[]> =>
    JSON.parse(await stack.runCli('accounts', 'list', '--json'));

  it('a company that declines is told so, and begins again from there', { timeout: 30_000 }, async () => {
    const page = await openInstall();
    await page.getByRole('button', { name: 'Decline' }).click();
    expect(await page.getByRole('heading').textContent()).toBe('The installation was declined');
    expect((await accounts()).map(({ accountId }) => accountId)).toEqual(['default']);

    await page.getByRole('link', { name: 'Install the call router' }).click();
    expect(await page.getByRole('button', { name: 'Authorize' }).isVisible()).toBe(true);
  });

  it('a company that authorizes ends at Aircall, with its agents known a moment later', {
    timeout: 30_000,
  }, async () => {
    const page = await openInstall();
    expect(await page.getByRole('radio', { name: 'Tidewater Books' }).isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Authorize' }).click();
    await page.waitForURL(/\/oauth\/success$/);

    expect(await accounts()).toMatchObject([
      { accountId: 'default' },
      { accountId: '90210', name: 'Tidewater Books', status: 'active', credentials: 'sealed' },
    ]);
    const agents = async () => stack.runCli('agents', 'list', '--account', '90210');
    await expect.poll(agents, { timeout: 15_000, interval: 500 }).toContain('nina@example.org');
  });

  it('a link that was used, and one that another browser began, each say so', {
    timeout: 30_000,
  }, async () => {
    const page = await openInstall();
    const back = page.waitForRequest(/\/aircall\/oauth\/callback/);
    await page.getByRole('button', { name: 'Authorize' }).click();
    const url = (await back).url();
    await page.waitForURL(/\/oauth\/success$/);

    const elsewhere = await (await browser.newContext()).newPage();
    await elsewhere.goto(url);
    expect(await elsewhere.getByRole('heading').textContent()).toBe(
      'This browser did not begin the installation',
    );
  });
});
