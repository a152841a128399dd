/** The second company of the local stack: nothing to us until it installs the local app, with what the environment says. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/stack.ts';
import { send } from './simulated-aircall/client.ts';

const TIDEWATER = 90_210;
const redirectUri = 'http://localhost:3000/callback';
let stack: LocalStack;

beforeEach(async () => {
  stack = await startLocalStack();
});
afterEach(() => stack.close());

function read(name: string): string {
  return stack.environment[name] ?? '';
}

it('consents at the dashboard, where a person can be sent back to this machine', async () => {
  const query = new URLSearchParams({
    client_id: read('AIRCALL_CLIENT_ID'),
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'public_api',
  });
  const response = await fetch(`${read('AIRCALL_DASHBOARD_URL')}/oauth/authorize?${query}`);
  expect(response.status).toBe(200);
  expect(await response.text()).toContain('value="90210" checked required> Tidewater Books</label>');
});

it('gives the local app its own users and contacts, and not those of the main company', async () => {
  const body = {
    code: stack.aircall.authorize(TIDEWATER, redirectUri),
    redirect_uri: redirectUri,
    client_id: read('AIRCALL_CLIENT_ID'),
    client_secret: read('AIRCALL_CLIENT_SECRET'),
    grant_type: 'authorization_code',
  };
  const url = read('AIRCALL_API_URL');
  const { access_token } = (await send(url, 'POST', '/v1/oauth/token', { body })).body;
  const authorization = `Bearer ${access_token}`;

  const { users } = (await send(url, 'GET', '/v2/users', { authorization })).body;
  expect(users.map(({ email }: { email: string }) => email)).toEqual([
    'nina@example.org',
    'omar@example.org',
  ]);
  const { contacts } = (await send(url, 'GET', '/v1/contacts', { authorization })).body;
  expect(contacts.map(({ id }: { id: number }) => id)).toEqual([710001, 710002]);
});
