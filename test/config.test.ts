/**
 * The environment, and the sums of the time budget.
 */
import { describe, expect, it } from 'vitest';
import {
  limits,
  product,
  readAircallSettings,
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
};

describe('the environment', () => {
  it('gives the settings for Aircall, whose URL has a default', () => {
    expect(readAircallSettings(environment)).toEqual({
      url: 'https://api.aircall.io',
      apiId: 'api-id-of-ours',
      apiToken: 'api-token-of-ours',
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

    expect(readAircallSettings(padded)).toMatchObject({ apiId: 'id', apiToken: 'token' });
    expect(readTableName(padded)).toBe('table');
  });

  it.each([
    { name: 'AIRCALL_API_ID', read: readAircallSettings },
    { name: 'AIRCALL_API_TOKEN', read: readAircallSettings },
    { name: 'AIRCALL_WEBHOOK_TOKENS', read: readWebhookTokens },
    { name: 'TABLE_NAME', read: readTableName },
    { name: 'RING_TIMERS_QUEUE_URL', read: readRingTimersQueueUrl },
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

  it.each([',', ' , ,'])('fails where AIRCALL_WEBHOOK_TOKENS is %j: that holds none', (text) => {
    expect(() => readWebhookTokens({ AIRCALL_WEBHOOK_TOKENS: text })).toThrow(
      'AIRCALL_WEBHOOK_TOKENS holds no token',
    );
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

it('has exactly these bounds: each is someone’s waiting time', () => {
  expect(limits).toEqual({
    clientWaitsMs: 5000,
    lambdaTimeoutMs: 5000,
    deadlineMs: 4000,
    answerKeptMs: 500,
    settleKeptMs: 600,
    table: { connectMs: 300, requestMs: 600, attempts: 2 },
    queue: { connectMs: 300, requestMs: 600, attempts: 2 },
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
    backfill: { pageEveryMs: 3000, pausedForMs: 60_000 },
    missedCalls: { pageEveryMs: 3000, mostPages: 10 },
    contactSync: { pageEveryMs: 2000, pausedForMs: 60_000, pageKeptMs: 60_000 },
    background: {
      deadlineMs: 900_000,
      answerKeptMs: 1000,
      aircallMs: 10_000,
      table: { connectMs: 1000, requestMs: 5000, attempts: 4 },
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

  it('ends background work within the longest a Lambda may run, 15 minutes', () => {
    expect(background.deadlineMs).toBeLessThanOrEqual(15 * 60_000);
    expect(background.answerKeptMs).toBeGreaterThan(0);
  });

  it('gives background work more patience than a call, and room for many tries', () => {
    expect(background.aircallMs).toBeGreaterThan(limits.aircallMs);
    expect(deadStoreMs(background.table)).toBeLessThan(background.deadlineMs);
  });
});
