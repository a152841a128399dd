/**
 * The environment, and the sums of the time budget.
 */
import { describe, expect, it } from 'vitest';
import {
  findAppLink,
  findAppSettings,
  findOwnCredentials,
  findPublicUrl,
  findSealing,
  hasOwnAccount,
  limits,
  product,
  readAircallSettings,
  readOwnCredentials,
  readRefreshFunctions,
  readReporting,
  readRingTimersQueueUrl,
  readRingToSecrets,
  readService,
  readTableName,
  readWebhookTokens,
} from '../lib/config.ts';
import { defaultPolicy } from '../lib/core/policy.ts';
import { mostReceives, queueAttributes } from '../local/ring-timers.ts';

const environment = {
  AIRCALL_API_ID: 'api-id-of-ours',
  AIRCALL_API_TOKEN: 'api-token-of-ours',
  AIRCALL_WEBHOOK_TOKENS: 'one,two',
  TABLE_NAME: 'call-router-prod',
  RING_TIMERS_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/ring-timers',
  REFRESH_AGENTS_FUNCTION: 'call-router-prod-refreshAgents',
  SYNC_CONTACTS_FUNCTION: 'call-router-prod-syncContacts',
};

describe('the environment', () => {
  it('gives the settings for Aircall, whose URL has a default', () => {
    expect(readAircallSettings(environment)).toEqual({
      url: 'https://api.aircall.io',
      userAgent: expect.stringMatching(/^call-router\/\d+\.\d+\.\d+$/),
    });
  });

  it('gives another URL, for an Aircall on this machine', () => {
    const settings = readAircallSettings({ ...environment, AIRCALL_API_URL: ' http://127.0.0.1:4010 ' });

    expect(settings.url).toBe('http://127.0.0.1:4010');
  });

  it('gives the table', () => {
    expect(readTableName(environment)).toBe('call-router-prod');
  });

  it('gives the queue of ring timers', () => {
    expect(readRingTimersQueueUrl(environment)).toBe(
      'https://sqs.eu-west-1.amazonaws.com/123456789012/ring-timers',
    );
  });

  it.each([
    [undefined, []],
    [' , ', []],
    ['one', ['one']],
    [' one,two ', ['one', 'two']],
  ])('gives the call flow’s secrets, none where none is set: %j', (RING_TO_SECRET, secrets) => {
    expect(readRingToSecrets({ RING_TO_SECRET })).toEqual(secrets);
  });

  it('gives values without the blanks around them', () => {
    const padded = { AIRCALL_API_ID: ' id ', AIRCALL_API_TOKEN: 'token\n', TABLE_NAME: '\ttable' };

    expect(readOwnCredentials(padded)).toEqual({ kind: 'api-key', apiId: 'id', apiToken: 'token' });
    expect(readTableName(padded)).toBe('table');
  });

  it.each([
    { name: 'AIRCALL_API_ID', read: readOwnCredentials },
    { name: 'AIRCALL_API_TOKEN', read: readOwnCredentials },
    { name: 'TABLE_NAME', read: readTableName },
    { name: 'RING_TIMERS_QUEUE_URL', read: readRingTimersQueueUrl },
    { name: 'REFRESH_AGENTS_FUNCTION', read: readRefreshFunctions },
    { name: 'SYNC_CONTACTS_FUNCTION', read: readRefreshFunctions },
  ])('fails by name without $name, or with a blank one', ({ name, read }) => {
    for (const value of [undefined, '', ' ', '\n']) {
      expect(() => read({ ...environment, [name]: value })).toThrow(`${name} is not set`);
    }
  });

  it.each(['api.aircall.io', 'ftp://api.aircall.io', 'https://', '//api.aircall.io', 'file:///etc'])(
    'fails by name where AIRCALL_API_URL is %j, and does not repeat it',
    (url) => {
      expect(() => readAircallSettings({ ...environment, AIRCALL_API_URL: url })).toThrow(
        /^AIRCALL_API_URL is not a URL$/,
      );
    },
  );

  it.each(['', ' ', undefined])('takes the default where AIRCALL_API_URL is %j', (url) => {
    expect(readAircallSettings({ ...environment, AIRCALL_API_URL: url }).url).toBe('https://api.aircall.io');
  });

  it.each([
    { text: 'one', tokens: ['one'] },
    { text: 'one,two', tokens: ['one', 'two'] },
    { text: ' one , two ', tokens: ['one', 'two'] },
    { text: ',one,,two,', tokens: ['one', 'two'] },
  ])('gives the tokens of $text, never an empty one', ({ text, tokens }) => {
    expect(readWebhookTokens({ AIRCALL_WEBHOOK_TOKENS: text })).toEqual(tokens);
  });

  it.each([undefined, '', ' ', ',', ' , ,'])(
    'gives no token where AIRCALL_WEBHOOK_TOKENS is %j: those in the table are enough',
    (text) => {
      expect(readWebhookTokens({ AIRCALL_WEBHOOK_TOKENS: text })).toEqual([]);
    },
  );

  it('gives the functions that bring a new account in step', () => {
    expect(readRefreshFunctions(environment)).toEqual([
      'call-router-prod-refreshAgents',
      'call-router-prod-syncContacts',
    ]);
  });

  it('names the service and the stage', () => {
    expect(readService({ POWERTOOLS_SERVICE_NAME: 'router', STAGE: 'prod' })).toEqual({
      metricsNamespace: 'CallRouter',
      service: 'router',
      stage: 'prod',
    });
  });

  it.each([undefined, '', ' '])('names them by default where they are %j', (value) => {
    expect(readService({ POWERTOOLS_SERVICE_NAME: value, STAGE: value })).toEqual({
      metricsNamespace: 'CallRouter',
      service: 'call-router',
      stage: 'local',
    });
  });

  it.each([
    { level: undefined, isQuietAbout: { info: false, warn: false } },
    { level: 'debug', isQuietAbout: { info: false, warn: false } },
    { level: 'INFO', isQuietAbout: { info: false, warn: false } },
    { level: 'warn', isQuietAbout: { info: true, warn: false } },
    { level: 'ERROR', isQuietAbout: { info: true, warn: true } },
    { level: 'CRITICAL', isQuietAbout: { info: true, warn: true } },
    { level: ' silent ', isQuietAbout: { info: true, warn: true } },
  ])('says what the log is quiet about: POWERTOOLS_LOG_LEVEL=$level', ({ level, isQuietAbout }) => {
    expect(readReporting({ POWERTOOLS_LOG_LEVEL: level }).isQuietAbout).toEqual(isQuietAbout);
  });

  it.each([
    { disabled: undefined, hasMetrics: true },
    { disabled: 'false', hasMetrics: true },
    { disabled: 'true', hasMetrics: false },
  ])('says whether there are metrics: POWERTOOLS_METRICS_DISABLED=$disabled', ({ disabled, hasMetrics }) => {
    expect(readReporting({ POWERTOOLS_METRICS_DISABLED: disabled }).hasMetrics).toBe(hasMetrics);
  });

  it('names the trace of each invocation, if there is one', () => {
    const environment: Record<string, string> = {};
    const { readTraceId } = readReporting(environment);
    expect(readTraceId()).toBeUndefined();

    environment['_X_AMZN_TRACE_ID'] =
      'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';
    expect(readTraceId()).toBe('1-5759e988-bd862e3fe1be46a994272793');
  });

  it('is not where the product’s name comes from', () => {
    expect(product.name).toBe('call-router');
  });
});

describe('the account of the environment', () => {
  const key = { AIRCALL_API_ID: 'api-id-of-ours', AIRCALL_API_TOKEN: 'api-token-of-ours' };
  const sealed = { SEALING_KEY_ID: 'alias/call-router-prod' };
  const credentials = { kind: 'api-key', apiId: 'api-id-of-ours', apiToken: 'api-token-of-ours' };

  it.each([
    { where: 'its API key is set', set: key, found: credentials },
    { where: 'other accounts are served beside it', set: { ...key, ...sealed }, found: credentials },
    { where: 'only other accounts are served', set: sealed, found: undefined },
    {
      where: 'its API key is blank, and a key file seals those of others',
      set: { AIRCALL_API_ID: ' ', AIRCALL_API_TOKEN: '', SEALING_KEY_FILE: '.local/sealing.key' },
      found: undefined,
    },
  ])('is found, or none, where $where', ({ set, found }) => {
    expect(findOwnCredentials(set)).toEqual(found);
  });

  it.each([
    { where: 'its API key is set', set: key, has: true },
    { where: 'half of it is set', set: { AIRCALL_API_TOKEN: 'token' }, has: true },
    { where: 'only other accounts are served', set: sealed, has: false },
    { where: 'it is blank', set: { AIRCALL_API_ID: ' ', AIRCALL_API_TOKEN: '' }, has: false },
  ])('is there, or meant to be, where $where: $has', ({ set, has }) => {
    expect(hasOwnAccount(set)).toBe(has);
  });

  it.each([
    { where: 'nothing is set', set: {}, missing: 'AIRCALL_API_ID' },
    { where: 'half of it is set', set: { AIRCALL_API_ID: 'id' }, missing: 'AIRCALL_API_TOKEN' },
    {
      where: 'half of it is set, though others are served',
      set: { ...sealed, AIRCALL_API_ID: 'id' },
      missing: 'AIRCALL_API_TOKEN',
    },
    {
      where: 'the other half is, though others are served',
      set: { ...sealed, AIRCALL_API_TOKEN: 'token' },
      missing: 'AIRCALL_API_ID',
    },
  ])('is missed by name where $where: $missing', ({ set, missing }) => {
    expect(() => findOwnCredentials(set)).toThrow(new Error(`${missing} is not set`));
  });
});

describe('the sealing', () => {
  const byKms = { kind: 'kms', keyId: 'alias/call-router-prod' };
  const byKeyFile = { kind: 'key-file', path: '.local/sealing.key' };

  it.each([
    { SEALING_KEY_ID: ' alias/call-router-prod\n', SEALING_KEY_FILE: undefined, sealing: byKms },
    { SEALING_KEY_ID: undefined, SEALING_KEY_FILE: ' .local/sealing.key ', sealing: byKeyFile },
    { SEALING_KEY_ID: '', SEALING_KEY_FILE: '.local/sealing.key', sealing: byKeyFile },
    { SEALING_KEY_ID: 'alias/call-router-prod', SEALING_KEY_FILE: '.local/sealing.key', sealing: byKms },
    { SEALING_KEY_ID: undefined, SEALING_KEY_FILE: undefined, sealing: undefined },
    { SEALING_KEY_ID: ' ', SEALING_KEY_FILE: '', sealing: undefined },
  ])('is by KMS before a key file: %j', ({ sealing, ...set }) => {
    expect(findSealing(set)).toEqual(sealing);
  });
});

describe('our public URL', () => {
  it.each([
    ['https://router.example.com', 'https://router.example.com'],
    [' https://router.example.com/ ', 'https://router.example.com'],
    ['http://127.0.0.1:3000//', 'http://127.0.0.1:3000'],
    ['https://api.example.com/prod/', 'https://api.example.com/prod'],
    [undefined, undefined],
    ['', undefined],
    [' ', undefined],
  ])('of %j is %j: paths are put behind it', (PUBLIC_URL, url) => {
    expect(findPublicUrl({ PUBLIC_URL })).toBe(url);
  });

  it.each(['router.example.com', 'ftp://router.example.com', 'https://'])(
    'fails by name where PUBLIC_URL is %j, and does not repeat it',
    (PUBLIC_URL) => {
      expect(() => findPublicUrl({ PUBLIC_URL })).toThrow(/^PUBLIC_URL is not a URL$/);
    },
  );
});

describe('the app at Aircall', () => {
  const app = {
    AIRCALL_CLIENT_ID: 'client-of-ours',
    AIRCALL_CLIENT_SECRET: 'secret-of-ours',
    PUBLIC_URL: 'https://router.example.com/',
  };
  const settings = {
    clientId: 'client-of-ours',
    clientSecret: 'secret-of-ours',
    publicUrl: 'https://router.example.com',
    dashboardUrl: 'https://dashboard.aircall.io',
  };

  it('has settings, of which the dashboard has a default', () => {
    expect(findAppSettings(app)).toEqual(settings);
    expect(findAppSettings({ ...app, AIRCALL_DASHBOARD_URL: 'http://127.0.0.1:4010' })).toEqual({
      ...settings,
      dashboardUrl: 'http://127.0.0.1:4010',
    });
  });

  it.each([{}, { PUBLIC_URL: app.PUBLIC_URL }, { AIRCALL_CLIENT_ID: ' ', AIRCALL_CLIENT_SECRET: '' }])(
    'is none where neither id nor secret is set: %j',
    (set) => {
      expect(findAppSettings(set)).toBeUndefined();
    },
  );

  it.each(['AIRCALL_CLIENT_ID', 'AIRCALL_CLIENT_SECRET', 'PUBLIC_URL'])(
    'is none where %s alone is lacking',
    (name) => {
      for (const value of [undefined, '', ' ']) {
        expect(findAppSettings({ ...app, [name]: value })).toBeUndefined();
      }
    },
  );

  it('is known in part without its secret, to who only sends a browser to Aircall', () => {
    const { AIRCALL_CLIENT_SECRET: _, ...link } = app;
    expect(findAppLink(link)).toEqual({
      clientId: 'client-of-ours',
      publicUrl: 'https://router.example.com',
      dashboardUrl: 'https://dashboard.aircall.io',
    });
    expect(findAppLink({ ...link, PUBLIC_URL: '' })).toBeUndefined();
    expect(findAppLink({ PUBLIC_URL: app.PUBLIC_URL })).toBeUndefined();
  });

  it.each(['PUBLIC_URL', 'AIRCALL_DASHBOARD_URL'])('fails by name where %s is none', (name) => {
    expect(() => findAppSettings({ ...app, [name]: 'router' })).toThrow(new Error(`${name} is not a URL`));
  });
});

it('has exactly these bounds: each is someone’s waiting time', () => {
  expect(limits).toEqual({
    clientWaitsMs: 5000,
    lambdaTimeoutMs: 5000,
    deadlineMs: 4000,
    answerKeptMs: 500,
    settleKeptMs: 600,
    table: { connectMs: 300, requestMs: 600, attempts: 2 },
    queue: { connectMs: 300, requestMs: 600, attempts: 2 },
    sealing: { connectMs: 300, requestMs: 600, attempts: 2 },
    transferMs: 2500,
    transferNeedsMs: 300,
    aircallMs: 800,
    cardMs: 800,
    cardNeedsMs: 300,
    claimLapsesAfterMs: 10_000,
    recordKeptForDays: 90,
    newsKeptForDays: 1,
    hopNeedsMs: 1500,
    timerUsableForMs: 100_000,
    lateAfterMs: 4000,
    policyRememberedForMs: 30_000,
    askingPausedForMs: 60_000,
    askingRestsForMs: 10_000,
    agentKnownForMs: 300_000,
    agentUnknownForMs: 60_000,
    ringTo: {
      lambdaTimeoutMs: 3000,
      clientWaitsMs: 1000,
      deadlineMs: 850,
      answerKeptMs: 100,
      settleKeptMs: 250,
      transferNeedsMs: 0,
    },
    accounts: { knownForMs: 60_000, unknownForMs: 5000, usableForMs: 300_000, most: 1000 },
    mostAccountsKept: 200,
    oldTokenAcceptedForMs: 86_400_000,
    install: {
      stateForMs: 600_000,
      lambdaTimeoutMs: 29_000,
      deadlineMs: 25_000,
      answerKeptMs: 1000,
      aircallMs: 5000,
    },
    accountsAtOnce: 10,
    accountNeedsMs: 5000,
    refreshEveryMs: 300_000,
    syncEveryMs: 86_400_000,
    backfill: { pageEveryMs: 3000, pausedForMs: 60_000 },
    missedCalls: { pageEveryMs: 3000, mostPages: 10 },
    contactSync: { pageEveryMs: 2000, pausedForMs: 60_000, pageKeptMs: 60_000 },
    background: {
      deadlineMs: 900_000,
      answerKeptMs: 1000,
      aircallMs: 10_000,
      table: { connectMs: 1000, requestMs: 5000, attempts: 4, mostAnswerBytes: 25_165_824 },
    },
  });
});

describe('the time budget', () => {
  const { table, background } = limits;
  /** A store that answers nothing at all takes this long to be given up. */
  const deadStoreMs = (times: typeof table | typeof background.table) =>
    times.attempts * (times.connectMs + times.requestMs);

  it('ends the Lambda no later than Aircall gives up, after 5 s', () => {
    expect(limits.lambdaTimeoutMs).toBeLessThanOrEqual(5000);
  });

  it('has the call flow’s answer out within a second, and some time to decide before', () => {
    const { clientWaitsMs, deadlineMs, answerKeptMs, settleKeptMs, lambdaTimeoutMs } = limits.ringTo;
    expect(deadlineMs + answerKeptMs).toBeLessThanOrEqual(clientWaitsMs);
    expect(clientWaitsMs).toBeLessThanOrEqual(1000);
    expect(clientWaitsMs).toBeLessThan(lambdaTimeoutMs);
    expect(deadlineMs - settleKeptMs).toBeGreaterThanOrEqual(limits.table.requestMs);
  });

  it('begins no hop that could not claim, read and transfer in its time', () => {
    expect(limits.hopNeedsMs).toBeGreaterThan(limits.settleKeptMs + limits.transferNeedsMs);
    expect(limits.hopNeedsMs).toBeLessThan(limits.deadlineMs);
  });

  it('still acts on a timer when the queue brings it the third time', () => {
    const visibilityTimeoutMs = Number(queueAttributes.VisibilityTimeout) * 1000;
    expect(limits.timerUsableForMs).toBeGreaterThan((mostReceives - 1) * visibilityTimeoutMs);
  });

  it('has the answer out before the Lambda ends', () => {
    expect(limits.deadlineMs + limits.answerKeptMs).toBeLessThanOrEqual(limits.lambdaTimeoutMs);
  });

  it('lets a claim lapse only after its owner’s Lambda has ended', () => {
    expect(limits.claimLapsesAfterMs).toBeGreaterThan(limits.lambdaTimeoutMs);
  });

  it('lets a claim lapse while its call is still young, so that a repeated delivery can act on it', () => {
    expect(limits.claimLapsesAfterMs).toBeLessThan(defaultPolicy.staleAfterSeconds * 1000);
  });

  it('leaves time to settle after the slowest transfer', () => {
    expect(limits.transferMs + limits.settleKeptMs).toBeLessThanOrEqual(limits.deadlineMs);
  });

  it('keeps enough back for one try to settle over a connection that is there', () => {
    expect(limits.settleKeptMs).toBeGreaterThanOrEqual(table.requestMs);
  });

  it('leaves time to transfer after one wave to the store needed every try', () => {
    expect(deadStoreMs(table) + limits.transferNeedsMs + limits.settleKeptMs).toBeLessThanOrEqual(
      limits.deadlineMs,
    );
  });

  it('leaves time to transfer after one wave to the store needed every try and Aircall was asked for the agent; with two such waves the call is left', () => {
    expect(
      deadStoreMs(table) + limits.aircallMs + limits.transferNeedsMs + limits.settleKeptMs,
    ).toBeLessThanOrEqual(limits.deadlineMs);
  });

  it('leaves time to read the call after a transfer that was never answered', () => {
    expect(limits.transferMs + limits.aircallMs + limits.settleKeptMs).toBeLessThanOrEqual(limits.deadlineMs);
  });

  it('begins no transfer that has no chance of an answer, and every one that has', () => {
    expect(limits.transferNeedsMs).toBeGreaterThan(0);
    expect(limits.transferNeedsMs).toBeLessThan(limits.transferMs);
  });

  it('shows no card that has no chance of an answer, and keeps nobody waiting longer for one than for a question', () => {
    expect(limits.cardNeedsMs).toBeLessThan(limits.cardMs);
    expect(limits.cardMs).toBeLessThanOrEqual(limits.aircallMs);
  });

  it('asks for an unknown agent again sooner than for a known one', () => {
    expect(limits.agentUnknownForMs).toBeLessThanOrEqual(limits.agentKnownForMs);
  });

  it('keeps a record longer than Aircall repeats deliveries, which is 12 hours', () => {
    expect(limits.recordKeptForDays * 24).toBeGreaterThan(12);
  });

  it('accepts the token of a replaced webhook longer than Aircall repeats deliveries, which is 12 hours', () => {
    expect(limits.oldTokenAcceptedForMs).toBeGreaterThan(12 * 3_600_000);
  });

  it('uses what it knew of an account longer than it goes without asking again', () => {
    const { knownForMs, unknownForMs, usableForMs } = limits.accounts;
    expect(usableForMs).toBeGreaterThan(knownForMs);
    expect(unknownForMs).toBeLessThan(knownForMs);
  });

  it('has an installation answered before API Gateway gives up, after 30 s', () => {
    const { lambdaTimeoutMs, deadlineMs, answerKeptMs } = limits.install;
    expect(lambdaTimeoutMs).toBeLessThan(30_000);
    expect(deadlineMs + answerKeptMs).toBeLessThanOrEqual(lambdaTimeoutMs);
  });

  it('forgets an installation no sooner than Aircall the code for it, after 10 minutes', () => {
    expect(limits.install.stateForMs).toBe(10 * 60_000);
  });

  it('ends background work within the longest a Lambda may run, 15 minutes', () => {
    expect(background.deadlineMs).toBeLessThanOrEqual(15 * 60_000);
    expect(background.answerKeptMs).toBeGreaterThan(0);
  });

  it('gives background work more patience than a call, and room for many tries', () => {
    expect(background.aircallMs).toBeGreaterThan(limits.aircallMs);
    expect(deadStoreMs(background.table)).toBeLessThan(background.deadlineMs);
  });
});
