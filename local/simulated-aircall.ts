/**
 * An Aircall on this machine: the part of its public API that this product uses, with a memory and with
 * faults on demand.
 *
 * It is built from what is documented or has been seen of Aircall; where nobody knows, the file concerned
 * says what was chosen. Calls placed on its telephones ring, end and are told to webhooks; those put there by a
 * test stay as they are.
 *
 *   request ─► recorded ─► fault? ─► open route ─► answer
 *                             └────► credential: whose? ─► rate limit ─► route ─► answer
 *                                                                          │
 *   webhooks ◄─ deliveries ◄─ telephone ◄───────────────── a transfer ◄────┘
 *   who answers the call flow ◄──┘
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Answer } from './simulated-aircall/answer.ts';
import { createAuthentication } from './simulated-aircall/authentication.ts';
import { createFaults, suffer } from './simulated-aircall/faults.ts';
import { uninstall } from './simulated-aircall/integrations.ts';
import type {
  RecordedRequest,
  SimulatedAircall,
  SimulatedAircallOptions,
} from './simulated-aircall/interface.ts';
import { createOauthApp } from './simulated-aircall/oauth-app.ts';
import { type OpenCompany, openCompanies } from './simulated-aircall/open-companies.ts';
import { answerOpenRoute } from './simulated-aircall/open-routes.ts';
import { answerRoute } from './simulated-aircall/routes.ts';
import { createRealScheduler } from './simulated-aircall/scheduler.ts';
import { answerTelephone, TELEPHONE_PATH } from './simulated-aircall/telephone-routes.ts';

export type {
  Integration,
  RecordedInsightCard,
  RecordedTransfer,
  SimulatedAvailability,
  SimulatedCall,
  SimulatedContact,
  SimulatedNumber,
  SimulatedUser,
  SimulatedWebhook,
  TransferTarget,
} from './simulated-aircall/company.ts';
export type { CompanyHandle } from './simulated-aircall/company-handle.ts';
export type { Fault } from './simulated-aircall/faults.ts';
export type {
  SimulatedAircall,
  SimulatedAircallOptions,
  SimulatedCompany,
} from './simulated-aircall/interface.ts';
export type { OauthRegistration } from './simulated-aircall/oauth-app.ts';

export async function startSimulatedAircall(options: SimulatedAircallOptions): Promise<SimulatedAircall> {
  const server = createServer();
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');

  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const realScheduler = createRealScheduler();
  const scheduler = options.scheduler ?? realScheduler;
  const opened = openCompanies(options, url, scheduler);
  const [main] = opened;
  const companies = opened.map(({ company }) => company);
  const telephones = new Map(opened.map(({ company, handle }) => [company.id, handle.telephone]));
  const app = createOauthApp(options.oauth, main.company.nowMs);
  const { apiId, apiToken, otherCompanies = [] } = options;
  const recognise = createAuthentication(
    [{ id: main.company.id, apiKey: { apiId, apiToken } }, ...otherCompanies],
    app.companyOfToken,
  );
  const requests: RecordedRequest[] = [];
  const faults = createFaults();
  const closing = new AbortController();

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '' } = request;
    if (path.startsWith(TELEPHONE_PATH)) {
      const answer = answerTelephone(method, new URL(url + path), await text(request), telephones);
      response.writeHead(answer.status, answer.headers).end(answer.text);
      return;
    }

    const recorded: RecordedRequest = { method, path, status: undefined };
    requests.push(recorded);

    const target = new URL(url + path);
    const body = await text(request);
    const work = () =>
      answerOpenRoute(method, target, body, { app, companies }) ??
      answerCompany(method, target, body, request.headers.authorization);

    const reaction = await suffer(faults.take(method, target.pathname), work, closing.signal);
    if (reaction === 'reset') request.socket.resetAndDestroy();
    if (reaction === 'reset' || reaction === 'hang' || response.destroyed) return;

    recorded.status = reaction.status;
    response.writeHead(reaction.status, reaction.headers).end(reaction.text);
  }

  function answerCompany(method: string, target: URL, body: string, authorization?: string): Answer {
    const sender = recognise(authorization);
    if (sender.kind === 'stranger') return sender.answer;

    const { company, refuseExcess } = find(sender.companyId);
    return refuseExcess() ?? answerRoute(method, target, body, company, sender.isOverOauth);
  }

  function find(companyId: number): OpenCompany {
    const found = opened.find(({ company }) => company.id === companyId);
    if (found === undefined) throw new Error(`the simulated Aircall has no company ${companyId}`);
    return found;
  }

  server.on('request', (request, response) => {
    // What is thrown here is a client that hung up while sending, or our own closing.
    receive(request, response).catch(() => request.socket.destroy());
  });

  return {
    ...main.handle,
    url,
    requests,
    company: (companyId) => find(companyId).handle,
    authorize(companyId, redirectUri = options.oauth?.redirectUri ?? '') {
      return app.issueCode(find(companyId).company.id, redirectUri);
    },
    uninstall(companyId) {
      const { company, handle } = find(companyId);
      app.revoke(companyId);
      uninstall(company, handle.deliveries);
    },
    integration: (companyId) => find(companyId).company.integration,
    failNext: faults.failNext,
    failAlways: faults.failAlways,
    heal() {
      faults.heal();
      for (const { refusedUserIds } of companies) refusedUserIds.clear();
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
