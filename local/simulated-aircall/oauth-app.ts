/**
 * The app that is registered for OAuth, and what it has been given: codes, each good once, for 10 minutes and for where it
 * was sent, and access tokens, which last until the company uninstalls the app.
 *
 * Gaps, and what was chosen: an exchange that is refused leaves its code as it was; a code of a company that uninstalls is
 * worth nothing any more.
 */
import { randomBytes } from 'node:crypto';

export type OauthRegistration = {
  clientId: string;
  clientSecret: string;
  /** The only place a person is sent back to. @default any http or https URL */
  redirectUri?: string;
  /** As a person reads it. @default 'Call router' */
  name?: string;
};

export type OauthApp = {
  readonly registration: OauthRegistration | undefined;
  readonly name: string;
  readonly issueCode: (companyId: number, redirectUri: string) => string;
  /** @returns whose it was; undefined for one that was never given, is used, too old, or was sent elsewhere */
  readonly useCode: (code: string, redirectUri: string) => number | undefined;
  readonly issueToken: (companyId: number) => string;
  readonly companyOfToken: (accessToken: string) => number | undefined;
  readonly revoke: (companyId: number) => void;
};

const CODE_LASTS_MS = 10 * 60_000;

type Code = { readonly companyId: number; readonly redirectUri: string; readonly expiresAtMs: number };

export function createOauthApp(registration: OauthRegistration | undefined, nowMs: () => number): OauthApp {
  const codes = new Map<string, Code>();
  const tokens = new Map<string, number>();

  return {
    registration,
    name: registration?.name ?? 'Call router',
    issueCode(companyId, redirectUri) {
      const code = randomBytes(16).toString('hex');
      codes.set(code, { companyId, redirectUri, expiresAtMs: nowMs() + CODE_LASTS_MS });
      return code;
    },
    useCode(code, redirectUri) {
      const given = codes.get(code);
      if (given === undefined || given.redirectUri !== redirectUri) return undefined;
      if (nowMs() >= given.expiresAtMs) return undefined;

      codes.delete(code);
      return given.companyId;
    },
    issueToken(companyId) {
      const accessToken = randomBytes(32).toString('hex');
      tokens.set(accessToken, companyId);
      return accessToken;
    },
    companyOfToken: (accessToken) => tokens.get(accessToken),
    revoke(companyId) {
      for (const [code, given] of codes) if (given.companyId === companyId) codes.delete(code);
      for (const [accessToken, owner] of tokens) if (owner === companyId) tokens.delete(accessToken);
    },
  };
}
