/**
 * The environment, read once; and every time bound of the product by name.
 */
import packageJson from '../package.json' with { type: 'json' };
import type { AircallConnection } from './adapters/aircall/client.ts';
import type { AircallCredentials } from './core/account.ts';

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
  sealing: { connectMs: 300, requestMs: 600, attempts: 2 },
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
  /** What a container remembers of accounts and of their webhooks' tokens, and of how many. */
  accounts: { knownForMs: 60_000, unknownForMs: 5000, usableForMs: 5 * 60_000, most: 1000 },
  /** The accounts for which a container keeps clients and memory. */
  mostAccountsKept: 200,
  /** Aircall retries a failed delivery for 12 h, with the token that its webhook had. */
  oldTokenAcceptedForMs: 24 * 3_600_000,
  /** An installation: somebody waits before a browser, and API Gateway for 30 s. */
  install: {
    stateForMs: 10 * 60_000,
    lambdaTimeoutMs: 29_000,
    deadlineMs: 25_000,
    answerKeptMs: 1000,
    aircallMs: 5000,
  },
  /** Each has a rate limit of its own. */
  accountsAtOnce: 10,
  accountNeedsMs: 5000,
  /** As `serverless.yml` schedules them. */
  refreshEveryMs: 5 * 60_000,
  syncEveryMs: 86_400_000,
  /** For work that nobody waits for on the phone. */
  background: {
    deadlineMs: 15 * 60_000,
    answerKeptMs: 1000,
    aircallMs: 10_000,
    /** A batch of contacts may be 16 MB. */
    table: { connectMs: 1000, requestMs: 5000, attempts: 4, mostAnswerBytes: 24 * 1024 * 1024 },
  },
  /** 20 requests a minute: 100 of the company's 120 are left to the router. */
  backfill: { pageEveryMs: 3000, pausedForMs: 60_000 },
  /** Calls that came while the webhook was off: 500 a run. */
  missedCalls: { pageEveryMs: 3000, mostPages: 10 },
  /** 30 requests a minute. `pageKeptMs`: enough for a page that is begun to be over. */
  contactSync: { pageEveryMs: 2000, pausedForMs: 60_000, pageKeptMs: 60_000 },
} as const;

export type Environment = Readonly<Record<string, string | undefined>>;

export type AircallSettings = Omit<AircallConnection, 'giveCredentials'>;

/** @throws an error that names the variable that is wrong. */
export function readAircallSettings(environment: Environment = process.env): AircallSettings {
  return {
    url: readUrl(environment, 'AIRCALL_API_URL', 'https://api.aircall.io'),
    userAgent: `${product.name}/${product.version}`,
  };
}

/** @throws an error that names the variable that is missing. */
export function readOwnCredentials(environment: Environment = process.env): AircallCredentials {
  return {
    kind: 'api-key',
    apiId: read(environment, 'AIRCALL_API_ID'),
    apiToken: read(environment, 'AIRCALL_API_TOKEN'),
  };
}

/** Whether the environment has an account of its own, or was meant to have one. */
export function hasOwnAccount(environment: Environment = process.env): boolean {
  return isSet(environment, 'AIRCALL_API_ID') || isSet(environment, 'AIRCALL_API_TOKEN');
}

/**
 * The credentials of the account that is in the environment; `undefined` where there is none, and only companies are served
 * that installed us.
 *
 * @throws an error that names the variable that is missing, where nothing else could be served
 */
export function findOwnCredentials(environment: Environment = process.env): AircallCredentials | undefined {
  return hasOwnAccount(environment) || findSealing(environment) === undefined
    ? readOwnCredentials(environment)
    : undefined;
}

/** Those accepted beside the ones in the table: two while one is being replaced, and often none. */
export function readWebhookTokens(environment: Environment = process.env): readonly string[] {
  return splitSecrets(environment['AIRCALL_WEBHOOK_TOKENS'] ?? '');
}

/** What seals the credentials of accounts: a key of AWS KMS, or one in a file of this machine. */
export type Sealing =
  | { readonly kind: 'kms'; readonly keyId: string }
  | { readonly kind: 'key-file'; readonly path: string };

/** `undefined`: no account can be sealed or opened, and only that of the environment is served. */
export function findSealing(environment: Environment = process.env): Sealing | undefined {
  const keyId = environment['SEALING_KEY_ID']?.trim() ?? '';
  if (keyId !== '') return { kind: 'kms', keyId };

  const path = environment['SEALING_KEY_FILE']?.trim() ?? '';
  return path === '' ? undefined : { kind: 'key-file', path };
}

/** Our public URL, without a path; `undefined` where it isn't told. @throws if it is none */
export function findPublicUrl(environment: Environment = process.env): string | undefined {
  if ((environment['PUBLIC_URL']?.trim() ?? '') === '') return undefined;
  return readUrl(environment, 'PUBLIC_URL', '').replace(/\/+$/, '');
}

/** The router as an app at Aircall, as a browser is sent there to install it: without a secret. */
export type AppLink = {
  readonly clientId: string;
  readonly publicUrl: string;
  /** Where Aircall asks a person whether we may be installed. */
  readonly dashboardUrl: string;
};

/** `undefined` where the router is no app, or not wholly set up as one. @throws if a URL is none */
export function findAppLink(environment: Environment = process.env): AppLink | undefined {
  const publicUrl = findPublicUrl(environment);
  if (!isSet(environment, 'AIRCALL_CLIENT_ID') || publicUrl === undefined) return undefined;

  return {
    clientId: read(environment, 'AIRCALL_CLIENT_ID'),
    publicUrl,
    dashboardUrl: readUrl(environment, 'AIRCALL_DASHBOARD_URL', 'https://dashboard.aircall.io'),
  };
}

/** The router as an app at Aircall, which companies install. */
export type AppSettings = AppLink & { readonly clientSecret: string };

/** As above. */
export function findAppSettings(environment: Environment = process.env): AppSettings | undefined {
  const link = findAppLink(environment);
  if (link === undefined || !isSet(environment, 'AIRCALL_CLIENT_SECRET')) return undefined;

  return { ...link, clientSecret: read(environment, 'AIRCALL_CLIENT_SECRET') };
}

/** The functions that a new account is brought in step by. @throws if one is missing */
export function readRefreshFunctions(environment: Environment = process.env): readonly string[] {
  return [read(environment, 'REFRESH_AGENTS_FUNCTION'), read(environment, 'SYNC_CONTACTS_FUNCTION')];
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

function isSet(environment: Environment, name: string): boolean {
  return (environment[name]?.trim() ?? '') !== '';
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
