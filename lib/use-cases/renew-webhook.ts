/**
 * The webhook of an account: one at our URL whose token we accept, for exactly our events. A new one takes the place of an
 * earlier one without a moment in which nothing is delivered, or is refused:
 *
 *   made at Aircall, quiet ─► its token accepted ─► the account says so ─► told of all our events
 *     ─► earlier ones deleted ─► their tokens accepted for a day
 *
 * Whatever fails on the way, the next try completes it: a webhook whose token nobody knows is taken up instead of a new one,
 * and earlier ones that are still there are deleted then.
 */
import type { AcceptToken, DeleteWebhook, FindTokenOwner, HashToken, SaveAccount } from '../account-ports.ts';
import { type Account, change, withWebhook } from '../core/account.ts';
import { eventsFor } from '../core/choose-webhook.ts';
import type { AccountId, AircallFailure, StoreFailure } from '../core/model.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import type { ActivateWebhook, CreateWebhook, ListWebhooks, Now, Webhook } from '../ports.ts';

export type RenewWebhookPorts = {
  readonly listWebhooks: ListWebhooks;
  readonly createWebhook: CreateWebhook;
  readonly activateWebhook: ActivateWebhook;
  readonly deleteWebhook: DeleteWebhook;
  /** Also of tokens that are in the environment. */
  readonly findTokenOwner: FindTokenOwner;
  readonly hashToken: HashToken;
  readonly acceptToken: AcceptToken;
  readonly saveAccount: SaveAccount;
  readonly now: Now;
};

export type RenewWebhookSettings = {
  readonly name: string;
  readonly oldTokenAcceptedForMs: number;
};

/** `keep`: one that is accepted stays, switched on. `replace`: a new one, with a new token. */
export type WebhookWish = 'keep' | 'replace';

export type Renewed = {
  readonly account: Account;
  readonly webhook: Webhook;
  readonly did: 'kept' | 'taken-up' | 'created';
  /** Earlier ones that could not be deleted: they announce each call once more. */
  readonly leftOver: readonly string[];
};

/** `company-has-account`: the company is served already, as another account; nothing was changed. */
export type RenewFailure =
  | (AircallFailure & { readonly while: 'listing' | 'creating' | 'activating' })
  | StoreFailure
  | { readonly reason: 'changed-meanwhile' }
  | { readonly reason: 'company-has-account'; readonly accountId: AccountId };

/**
 * @param account as it is to be saved: version and times are set here
 * @param url where the router takes deliveries
 */
export type RenewWebhook = (
  account: Account,
  url: string,
  wish: WebhookWish,
  deadlineMs: number,
) => Promise<Result<Renewed, RenewFailure>>;

export function createRenewWebhook(ports: RenewWebhookPorts, settings: RenewWebhookSettings): RenewWebhook {
  return async function renewWebhook(account, url, wish, deadlineMs) {
    const listed = await ports.listWebhooks(deadlineMs);
    if (!listed.ok) return fail({ ...listed.failure, while: 'listing' });

    const sorted = await sortByOwner(listed.value.webhooks, account, url, deadlineMs);
    if (!sorted.ok) return sorted;

    const { accepted, unknown } = sorted.value;
    const kept = wish === 'keep' ? accepted.find((webhook) => isAt(webhook, url)) : undefined;
    const found = kept ?? unknown[0];
    const made = found === undefined ? await create(url, deadlineMs) : succeed(found);
    if (!made.ok) return made;

    const taken = await take(account, made.value, deadlineMs);
    if (!taken.ok) return taken;
    const activated = await ports.activateWebhook(
      made.value.webhookId,
      eventsFor(account.letInBy),
      deadlineMs,
    );
    if (!activated.ok) return fail({ ...activated.failure, while: 'activating' });

    const webhook = activated.value;
    const others = [...accepted, ...unknown].filter(({ webhookId }) => webhookId !== webhook.webhookId);
    return succeed({
      account: taken.value,
      webhook,
      did: kept !== undefined ? 'kept' : found !== undefined ? 'taken-up' : 'created',
      leftOver: await retire(others, account.accountId, deadlineMs),
    });
  };

  /**
   * Those that are accepted as this account's, wherever they deliver, the current one first; and those at our URL that are
   * nobody's. One that is another account's says that this company is served already.
   */
  async function sortByOwner(
    webhooks: readonly Webhook[],
    { accountId, webhookId: currentId }: Account,
    url: string,
    deadlineMs: number,
  ): Promise<Result<Sorted, RenewFailure>> {
    const accepted: Webhook[] = [];
    const unknown: Webhook[] = [];
    for (const webhook of webhooks) {
      const owner = await ports.findTokenOwner(webhook.token, deadlineMs);
      if (!owner.ok) return owner;
      if (owner.value?.accountId === accountId) accepted.push(webhook);
      else if (owner.value !== undefined) {
        return fail({ reason: 'company-has-account', accountId: owner.value.accountId });
      } else if (isAt(webhook, url)) unknown.push(webhook);
    }
    const isCurrent = ({ webhookId }: Webhook) => webhookId === currentId;
    return succeed({
      accepted: accepted.toSorted((a, b) => Number(isCurrent(b)) - Number(isCurrent(a))),
      unknown,
    });
  }

  /** With one event that hardly ever comes: what is delivered before its token is accepted is refused. */
  async function create(url: string, deadlineMs: number): Promise<Result<Webhook, RenewFailure>> {
    const wanted = { name: settings.name, url, events: [quietEvent] };
    const created = await ports.createWebhook(wanted, deadlineMs);
    return created.ok ? created : fail({ ...created.failure, while: 'creating' });
  }

  async function take(
    account: Account,
    { webhookId, token }: Webhook,
    deadlineMs: number,
  ): Promise<Result<Account, RenewFailure>> {
    const tokenHash = ports.hashToken(token);
    const accepted = await ports.acceptToken(
      { accountId: account.accountId, tokenHash },
      undefined,
      deadlineMs,
    );
    if (!accepted.ok) return accepted;

    const next = change(withWebhook(account, { webhookId, tokenHash }), {}, ports.now());
    const saved = await ports.saveAccount(next, deadlineMs);
    if (!saved.ok) return saved;
    return saved.value === 'saved' ? succeed(next) : fail({ reason: 'changed-meanwhile' });
  }

  /** What Aircall retries of an earlier one still comes with its token. */
  async function retire(
    webhooks: readonly Webhook[],
    accountId: AccountId,
    deadlineMs: number,
  ): Promise<readonly string[]> {
    const leftOver: string[] = [];
    for (const { webhookId, token } of webhooks) {
      const deleted = await ports.deleteWebhook(webhookId, deadlineMs);
      if (!deleted.ok) {
        leftOver.push(webhookId);
        continue;
      }
      const untilMs = ports.now() + settings.oldTokenAcceptedForMs;
      // If that fails, it is accepted for good: the token of a webhook that is gone, which nobody else knows.
      await ports.acceptToken({ accountId, tokenHash: ports.hashToken(token) }, untilMs, deadlineMs);
    }
    return leftOver;
  }
}

const quietEvent = 'number.deleted';

function isAt(webhook: Webhook, url: string): boolean {
  return URL.parse(webhook.url)?.href === URL.parse(url)?.href;
}

type Sorted = { readonly accepted: readonly Webhook[]; readonly unknown: readonly Webhook[] };
