/**
 * An Aircall on this machine: the part of its public API that this product uses, with a memory and with
 * faults on demand.
 *
 * It is built from what is documented or has been seen of Aircall; where nobody knows, the file concerned
 * says what was chosen. It has no telephones: nothing rings, no call ends and no webhook is sent by itself.
 *
 *   request ─► recorded ─► fault? ─► credentials ─► rate limit ─► route ─► answer
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createAuthentication } from './simulated-aircall/authentication.ts';
import { putCall } from './simulated-aircall/calls.ts';
import type {
  Company,
  RecordedTransfer,
  SimulatedAvailability,
  SimulatedCall,
  SimulatedUser,
  SimulatedWebhook,
  TransferTarget,
} from './simulated-aircall/company.ts';
import { createFaults, type Fault, suffer } from './simulated-aircall/faults.ts';
import { createRateLimit } from './simulated-aircall/rate-limit.ts';
import { answerRoute } from './simulated-aircall/routes.ts';

export type {
  Fault,
  RecordedTransfer,
  SimulatedAvailability,
  SimulatedCall,
  SimulatedUser,
  SimulatedWebhook,
  TransferTarget,
};

export type SimulatedAircallOptions = {
  /** @default 0, a free one */
  port?: number;
  apiId: string;
  apiToken: string;
  users?: SimulatedUser[];
  /** @default 120 */
  requestsPerMinute?: number;
  /** Milliseconds since 1970. @default Date.now */
  now?: () => number;
  /**
   * Whether reading or transferring a call never heard of creates it first, as a young inbound one: for a
   * stack poked by hand.
   * @default false
   */
  acceptUnknownCalls?: boolean;
};

/** `path` with its query. `status` is undefined for as long as the request is not answered. */
export type RecordedRequest = { method: string; path: string; status: number | undefined };

export type SimulatedAircall = {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  url: string;
  /** Every transfer accepted, in order. */
  transfers: RecordedTransfer[];
  /** Every request received, in order. */
  requests: RecordedRequest[];

  /** Adds a user, or replaces the one with this id. */
  addUser(user: SimulatedUser): void;
  removeUser(userId: number): void;
  setAvailability(userId: number, availability: SimulatedAvailability): void;

  /** Adds a call, or changes the given fields of one that is there. */
  putCall(call: SimulatedCall): void;
  call(id: string): Required<SimulatedCall> | undefined;
  /** From now on (until `heal`) a transfer to this user is answered 405. */
  refuseTransfersTo(userId: number): void;

  webhooks(): SimulatedWebhook[];
  /** What Aircall does to a webhook whose deliveries keep failing. */
  deactivateWebhook(webhookId: string): void;

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

export async function startSimulatedAircall(options: SimulatedAircallOptions): Promise<SimulatedAircall> {
  const server = createServer();
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');

  const company = createCompany(options, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const requests: RecordedRequest[] = [];
  const faults = createFaults();
  const closing = new AbortController();
  const refuseStranger = createAuthentication(options.apiId, options.apiToken);
  const refuseExcess = createRateLimit(options.requestsPerMinute ?? 120, company.nowMs);

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '' } = request;
    const recorded: RecordedRequest = { method, path, status: undefined };
    requests.push(recorded);

    const url = new URL(company.url + path);
    const body = await text(request);
    const work = () =>
      refuseStranger(request.headers.authorization) ??
      refuseExcess() ??
      answerRoute(method, url, body, company);

    const reaction = await suffer(faults.take(method, url.pathname), work, closing.signal);
    if (reaction === 'reset') request.socket.resetAndDestroy();
    if (reaction === 'reset' || reaction === 'hang' || response.destroyed) return;

    recorded.status = reaction.status;
    response.writeHead(reaction.status, reaction.headers).end(reaction.text);
  }

  server.on('request', (request, response) => {
    // What is thrown here is a client that hung up while sending, or our own closing.
    receive(request, response).catch(() => request.socket.destroy());
  });

  return {
    url: company.url,
    transfers: company.transfers,
    requests,
    addUser(user) {
      company.users.set(user.id, { ...user });
    },
    removeUser(userId) {
      company.users.delete(userId);
    },
    setAvailability(userId, availability) {
      company.users.set(userId, { ...existing(company.users, userId, 'user'), availability });
    },
    putCall(call) {
      putCall(call, company);
    },
    call: (id) => company.calls.get(id),
    refuseTransfersTo(userId) {
      company.refusedUserIds.add(userId);
    },
    webhooks: () => [...company.webhooks.values()],
    deactivateWebhook(webhookId) {
      company.webhooks.set(webhookId, { ...existing(company.webhooks, webhookId, 'webhook'), active: false });
    },
    failNext: faults.failNext,
    failAlways: faults.failAlways,
    heal() {
      faults.heal();
      company.refusedUserIds.clear();
    },
    async close() {
      if (!server.listening) return;

      closing.abort();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function createCompany(options: SimulatedAircallOptions, url: string): Company {
  return {
    url,
    nowMs: options.now ?? Date.now,
    acceptUnknownCalls: options.acceptUnknownCalls ?? false,
    users: new Map(options.users?.map((user) => [user.id, { ...user }])),
    calls: new Map(),
    webhooks: new Map(),
    refusedUserIds: new Set(),
    transfers: [],
  };
}

function existing<Id, Item>(items: Map<Id, Item>, id: Id, kind: string): Item {
  const item = items.get(id);
  if (item === undefined) throw new Error(`the simulated Aircall has no ${kind} ${id}`);
  return item;
}
