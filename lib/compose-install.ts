/**
 * The composition root's part for the router as an app at Aircall, which companies install from there.
 */
import { randomBytes } from 'node:crypto';
import { realClock } from './adapters/aircall/client.ts';
import { createCompanyAtAircall } from './adapters/aircall/company.ts';
import { type App, authorizeUrl, createExchangeCode, successUrl } from './adapters/aircall/oauth.ts';
import { createFindAccount } from './adapters/dynamodb/accounts.ts';
import { createSaveInstallState, createUseInstallState } from './adapters/dynamodb/install-states.ts';
import { createLambdaClient, createStartFirstRefresh } from './adapters/lambda/start-first-refresh.ts';
import { composeReports } from './compose.ts';
import { openAccounts, openAircall, openSealing } from './compose-accounts.ts';
import { deliveryUrl, openStore, renewWebhookWith } from './compose-background.ts';
import {
  type AppLink,
  type AppSettings,
  findAppLink,
  findAppSettings,
  limits,
  readRefreshFunctions,
} from './config.ts';
import { succeed } from './core/result.ts';
import { type BeginInstall, createBeginInstall } from './use-cases/begin-install.ts';
import { createFinishInstall, type FinishInstall } from './use-cases/finish-install.ts';
import { createInstallAccount } from './use-cases/install-account.ts';

const callbackPath = '/aircall/oauth/callback';

/** `GET /aircall/oauth/install`; `undefined` where the router is no app. */
export function composeBeginInstall():
  | { readonly beginInstall: BeginInstall; readonly authorizeUrlOf: (state: string) => string }
  | undefined {
  const link = findAppLink();
  if (link === undefined) return undefined;

  const { clientId, dashboardUrl } = link;
  const saveInstallState = createSaveInstallState(openStore());
  const createSecret = () => randomBytes(32).toString('base64url');
  return {
    beginInstall: createBeginInstall({ saveInstallState, createSecret, now: realClock.now }, limits.install),
    authorizeUrlOf: (state) =>
      authorizeUrl(dashboardUrl, { clientId, redirectUrl: redirectUrlOf(link) }, state),
  };
}

/** `GET /aircall/oauth/callback`; `undefined` where the router is no app. */
export function composeFinishInstall():
  | { readonly finishInstall: FinishInstall; readonly successUrl: string }
  | undefined {
  const settings = findAppSettings();
  if (settings === undefined) return undefined;

  const { now } = realClock;
  const { warn } = composeReports();
  const store = openStore();
  const accounts = openAccounts(store, warn);
  const { aircallMs } = limits.install;
  const finishInstall = createFinishInstall(
    {
      useInstallState: createUseInstallState(store),
      exchangeCode: createExchangeCode(
        openAircall(async () => succeed(undefined)),
        appOf(settings),
        aircallMs,
      ),
      openAircall: (credentials) => {
        const requestAircall = openAircall(async () => succeed(credentials));
        return {
          ...createCompanyAtAircall(requestAircall, credentials.kind, aircallMs),
          renewWebhook: renewWebhookWith(requestAircall, store, accounts),
        };
      },
      installAccount: createInstallAccount({
        findAccount: createFindAccount(store),
        sealCredentials: openSealing().sealCredentials,
        startFirstRefresh: createStartFirstRefresh(
          createLambdaClient(limits.queue),
          readRefreshFunctions(),
          now,
        ),
        warn,
        now,
      }),
      warn,
    },
    deliveryUrl(settings.publicUrl),
  );
  return { finishInstall, successUrl: successUrl(settings.dashboardUrl) };
}

function appOf(settings: AppSettings): App {
  const { clientId, clientSecret } = settings;
  return { clientId, clientSecret, redirectUrl: redirectUrlOf(settings) };
}

function redirectUrlOf({ publicUrl }: AppLink): string {
  return `${publicUrl}${callbackPath}`;
}
