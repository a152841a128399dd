/**
 * An Aircall on this machine: the part of its public API that this product uses, with a memory and with
 * faults on demand.
 *
 * It is built from what is documented or has been seen of Aircall; where nobody knows, the file concerned
 * says what was chosen. Calls placed on its telephone ring, end and are told to webhooks; those put there by a
 * test stay as they are.
 *
 *   request ─► recorded ─► fault? ─► credentials ─► rate limit ─► route ─► answer
 *                                                                   │
 *   webhooks ◄─ deliveries ◄─ telephone ◄────────── a transfer ◄────┘
 *   who answers the call flow ◄──┘
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createAuthentication } from './simulated-aircall/authentication.ts';
import { putCall } from './simulated-aircall/calls.ts';
import { createCompany } from './simulated-aircall/company.ts';
import { putContact, removeContact } from './simulated-aircall/contacts.ts';
import { createDeliveries } from './simulated-aircall/deliveries.ts';
import { createFaults, suffer } from './simulated-aircall/faults.ts';
import type {
  RecordedRequest,
  SimulatedAircall,
  SimulatedAircallOptions,
} from './simulated-aircall/interface.ts';
import { createRateLimit } from './simulated-aircall/rate-limit.ts';
import { answerRoute } from './simulated-aircall/routes.ts';
import { createRealScheduler } from './simulated-aircall/scheduler.ts';
import { createTelephone } from './simulated-aircall/telephone.ts';
import { answerTelephone, TELEPHONE_PATH } from './simulated-aircall/telephone-routes.ts';

export type {
  RecordedInsightCard,
  RecordedTransfer,
  SimulatedAvailability,
  SimulatedCall,
  SimulatedContact,
  SimulatedUser,
  SimulatedWebhook,
  TransferTarget,
} from './simulated-aircall/company.ts';
export type { Fault } from './simulated-aircall/faults.ts';
export type { SimulatedAircall, SimulatedAircallOptions } from './simulated-aircall/interface.ts';

export async function startSimulatedAircall(options: SimulatedAircallOptions): Promise<SimulatedAircall> {
  const server = createServer();
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');

  const realScheduler = createRealScheduler();
  const scheduler = options.scheduler ?? realScheduler;
  const company = createCompany({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    nowMs: options.now ?? scheduler.now,
    acceptUnknownCalls: options.acceptUnknownCalls ?? false,
    users: options.users ?? [],
  });
  const deliveries = createDeliveries(company.webhooks, scheduler, options.post);
  const telephone = createTelephone(company, deliveries, scheduler, options.ask);
  const requests: RecordedRequest[] = [];
  const faults = createFaults();
  const closing = new AbortController();
  const refuseStranger = createAuthentication(options.apiId, options.apiToken);
  const refuseExcess = createRateLimit(options.requestsPerMinute ?? 120, company.nowMs);

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '' } = request;
    if (path.startsWith(TELEPHONE_PATH)) {
      const answer = answerTelephone(method, new URL(company.url + path), await text(request), telephone);
      response.writeHead(answer.status, answer.headers).end(answer.text);
      return;
    }

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
    insightCards: company.insightCards,
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
    putContact(contact) {
      putContact(contact, company, deliveries);
    },
    removeContact(id) {
      removeContact(id, company, deliveries);
    },
    refuseTransfersTo(userId) {
      company.refusedUserIds.add(userId);
    },
    telephone,
    deliveries,
    setCallFlow(flow) {
      company.callFlow = flow;
    },
    webhooks: () => [...company.webhooks.values()],
    addWebhook(webhook) {
      const webhookId = randomUUID();
      company.webhooks.set(webhookId, { ...webhook, webhookId, active: true, createdAtMs: company.nowMs() });
      return webhookId;
    },
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
      realScheduler.close();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function existing<Id, Item>(items: Map<Id, Item>, id: Id, kind: string): Item {
  const item = items.get(id);
  if (item === undefined) throw new Error(`the simulated Aircall has no ${kind} ${id}`);
  return item;
}
