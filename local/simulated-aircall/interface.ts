/**
 * What a test or a stack can do with the simulated Aircall besides asking it over HTTP. What is one company's is in
 * `company-handle.ts`.
 */
import type { ApiKey } from './authentication.ts';
import type { Ask } from './call-flow.ts';
import type { Integration, SimulatedContact, SimulatedNumber, SimulatedUser } from './company.ts';
import type { CompanyHandle } from './company-handle.ts';
import type { Post } from './deliveries.ts';
import type { Fault } from './faults.ts';
import type { OauthRegistration } from './oauth-app.ts';
import type { Scheduler } from './scheduler.ts';

export type SimulatedCompany = {
  id: number;
  name: string;
  /** Where its calls come in. @default one in France, every company's */
  number?: SimulatedNumber;
  /** @default none */
  users?: readonly SimulatedUser[];
  /** @default none */
  contacts?: readonly SimulatedContact[];
  /** @default none: an app gets at it over OAuth */
  apiKey?: ApiKey;
};

export type SimulatedAircallOptions = ApiKey & {
  /** @default 0, a free one */
  port?: number;
  /** Users of the main company: the one with the API key above. */
  users?: SimulatedUser[];
  /** The main company. @default `{ id: 90001, name: 'Lantern & Co' }` */
  company?: Pick<SimulatedCompany, 'id' | 'name' | 'number'>;
  /** @default none */
  otherCompanies?: readonly SimulatedCompany[];
  /** The app that companies can install. @default none: every request to install is refused */
  oauth?: OauthRegistration;
  /** Of each company. @default 120 */
  requestsPerMinute?: number;
  /** Milliseconds since 1970. @default Date.now */
  now?: () => number;
  /**
   * Whether reading or transferring a call that no company has heard of creates it first, as a young inbound one: for a
   * stack poked by hand.
   * @default false
   */
  acceptUnknownCalls?: boolean;
  /** When the telephone does what, and, without `now`, the time. @default the real clock */
  scheduler?: Scheduler;
  /** How deliveries get to webhooks. @default over HTTP, with 5 s of patience */
  post?: Post;
  /** How a call flow's question gets to who answers it. @default over HTTP, with 3 s of patience */
  ask?: Ask;
};

/** `path` with its query. `status` is undefined for as long as the request is not answered. */
export type RecordedRequest = { method: string; path: string; status: number | undefined };

/** The company's parts are the main company's. */
export type SimulatedAircall = CompanyHandle & {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  url: string;
  /** Every request received, in order, of all companies and of nobody's. */
  requests: RecordedRequest[];

  /** @throws where there is no such company */
  company(companyId: number): CompanyHandle;

  /**
   * As if a person had clicked on "Authorize".
   * @param redirectUri where they would have been sent. @default the registered one
   * @returns the code to exchange at `POST /v1/oauth/token`, with the same redirect_uri
   */
  authorize(companyId: number, redirectUri?: string): string;
  /**
   * The company removes the app: its access tokens are refused, and the webhooks made with them are told
   * (`integration.deleted`) and gone.
   */
  uninstall(companyId: number): void;
  /** What the company's installation is at Aircall; undefined where the app is not installed. */
  integration(companyId: number): Integration | undefined;

  /**
   * Makes the next requests of a route go wrong, after those already asked for.
   * @example aircall.failNext('POST /v1/calls/:id/transfers', { kind: 'reset-after-work' })
   */
  failNext(route: string, fault: Fault, times?: number): void;
  failAlways(route: string, fault: Fault): void;
  /** Takes back every fault and refusal; requests that hang go on hanging. */
  heal(): void;

  /** Closes every connection, those of hanging requests too. */
  close(): Promise<void>;
};
