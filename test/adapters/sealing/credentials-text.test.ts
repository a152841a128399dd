import { describe, expect, it } from 'vitest';
import { fromText, toText } from '../../../lib/adapters/sealing/credentials-text.ts';

describe('credentials as text', () => {
  it.each([
    {
      text: '{"kind":"api-key","apiId":"api-id-of-ours","apiToken":"api-token-of-ours"}',
      credentials: { kind: 'api-key', apiId: 'api-id-of-ours', apiToken: 'api-token-of-ours' } as const,
    },
    {
      text: '{"kind":"oauth","accessToken":"access-token-of-theirs"}',
      credentials: { kind: 'oauth', accessToken: 'access-token-of-theirs' } as const,
    },
  ])('are what they were, back again: $credentials.kind', ({ text, credentials }) => {
    expect(toText(credentials)).toBe(text);
    expect(fromText(text)).toEqual({ ok: true, value: credentials });
  });

  it('are read whatever newer code put beside them', () => {
    expect(fromText('{"scope":"public_api","accessToken":"a","kind":"oauth"}')).toEqual({
      ok: true,
      value: { kind: 'oauth', accessToken: 'a' },
    });
  });

  it.each([
    '',
    'secret',
    'null',
    '[]',
    '"secret"',
    '{"kind":"oauth"',
    '{}',
    '{"kind":"password","password":"secret"}',
    '{"kind":"api-key","apiId":"secret"}',
    '{"kind":"api-key","accessToken":"secret"}',
    '{"kind":"oauth","accessToken":7}',
    '{"kind":"oauth","accessToken":null}',
  ])('are none in %j, of which nothing is shown', (text) => {
    expect(fromText(text)).toEqual({
      ok: false,
      failure: { reason: 'seal-broken', detail: 'what was sealed are no credentials' },
    });
  });
});
