/**
 * The environment, read once; and every time bound of the product by name.
 */
import packageJson from '../package.json' with { type: 'json' };
import type { AircallConnection } from './adapters/aircall/client.ts';

export const product = { name: packageJson.name, version: packageJson.version };

/**
 * Aircall gives up on a delivery after 5 s, and so does the Lambda. Each bound leaves room for the next one:
 * a unit test checks the sums.
 */
export const limits = {
  /** Aircall's. */
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
  /** What was told of a call that nobody claims. */
  newsKeptForDays: 1,
  /** Enough to claim, read the call and transfer it. */
  hopNeedsMs: 1500,
  /** Longer than the queue brings a failed timer again: three times, 30 s apart. */
  timerUsableForMs: 100_000,
  lateAfterMs: 4000,
  policyRememberedForMs: 30_000,
  /** After a 429. */
  askingPausedForMs: 60_000,
  /** After trouble that costs time. */
  askingRestsForMs: 10_000,
  agentKnownForMs: 5 * 60_000,
  agentUnknownForMs: 60_000,
  /** Aircall's call flow waits for the answer, and the caller with it. */
  ringTo: {
    lambdaTimeoutMs: 3000,
    clientWaitsMs: 1000,
    deadlineMs: 850,
    answerKeptMs: 100,
    settleKeptMs: 250,
    /** An answer costs no request. */
    transferNeedsMs: 0,
  },
  /** For work that nobody waits for on the phone. */
  background: {
    deadlineMs: 15 * 60_000,
    answerKeptMs: 1000,
    aircallMs: 10_000,
    table: { connectMs: 1000, requestMs: 5000, attempts: 4 },
  },
  /** 20 requests a minute: 100 of the company's 120 are left to the router. */
  backfill: { pageEveryMs: 3000, pausedForMs: 60_000 },
  /** Calls that came while the webhook was off: 500 a run. */
  missedCalls: { pageEveryMs: 3000, mostPages: 10 },
  /** 30 requests a minute. `pageKeptMs`: enough for a page that is begun to be over. */
  contactSync: { pageEveryMs: 2000, pausedForMs: 60_000, pageKeptMs: 60_000 },
} as const;

export type Environment = Readonly<Record<string, string | undefined>>;

export type AircallSettings = AircallConnection;

/** @throws an error that names the variable that is missing or wrong. */
export function readAircallSettings(environment: Environment = process.env): AircallSettings {
  return {
    url: readUrl(environment, 'AIRCALL_API_URL', 'https://api.aircall.io'),
    apiId: read(environment, 'AIRCALL_API_ID'),
    apiToken: read(environment, 'AIRCALL_API_TOKEN'),
    userAgent: `${product.name}/${product.version}`,
  };
}

/** Two tokens at once while one is being replaced. @throws if there is none. */
export function readWebhookTokens(environment: Environment = process.env): readonly string[] {
  const tokens = splitSecrets(read(environment, 'AIRCALL_WEBHOOK_TOKENS'));
  if (tokens.length === 0) throw new Error('AIRCALL_WEBHOOK_TOKENS holds no token');
  return tokens;
}

function splitSecrets(text: string): readonly string[] {
  return text
    .split(',')
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '');
}

/** @throws if there is none. */
export function readTableName(environment: Environment = process.env): string {
  return read(environment, 'TABLE_NAME');
}

/** What the call flow proves itself with: two at once while one is being replaced, none where the door stays closed. */
export function readRingToSecrets(environment: Environment = process.env): readonly string[] {
  return splitSecrets(environment['RING_TO_SECRET'] ?? '');
}

/** The queue of ring timers. @throws if there is none */
export function readRingTimersQueueUrl(environment: Environment = process.env): string {
  return read(environment, 'RING_TIMERS_QUEUE_URL');
}

/** The service's name in logs and metrics, and the stage it was deployed to. */
export function readService(environment: Environment = process.env): {
  service: string;
  stage: string;
  metricsNamespace: string;
} {
  return {
    metricsNamespace: environment['POWERTOOLS_METRICS_NAMESPACE']?.trim() || 'CallRouter',
    service: environment['POWERTOOLS_SERVICE_NAME']?.trim() || product.name,
    stage: environment['STAGE']?.trim() || 'local',
  };
}

/**
 * What is written to the log. The names are those of Powertools for AWS Lambda: whoever runs other Lambdas knows them.
 */
export function readReporting(environment: Environment = process.env): {
  isQuietAbout: { info: boolean; warn: boolean };
  hasMetrics: boolean;
  readTraceId: () => string | undefined;
} {
  const level = environment['POWERTOOLS_LOG_LEVEL']?.trim().toUpperCase() ?? '';
  const isQuietAboutWarnings = ['ERROR', 'CRITICAL', 'SILENT'].includes(level);
  return {
    isQuietAbout: { info: isQuietAboutWarnings || level === 'WARN', warn: isQuietAboutWarnings },
    hasMetrics: environment['POWERTOOLS_METRICS_DISABLED']?.trim().toLowerCase() !== 'true',
    // Lambda writes it anew for each invocation.
    readTraceId: () => /Root=([^;]+)/.exec(environment['_X_AMZN_TRACE_ID'] ?? '')?.[1],
  };
}

function read(environment: Environment, name: string): string {
  const value = environment[name]?.trim() ?? '';
  if (value === '') throw new Error(`${name} is not set`);
  return value;
}

function readUrl(environment: Environment, name: string, standard: string): string {
  const text = environment[name]?.trim() || standard;
  if (!URL.canParse(text) || !/^https?:/.test(text)) throw new Error(`${name} is not a URL`);
  return text;
}
