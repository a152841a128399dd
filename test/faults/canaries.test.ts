/** A search that finds nothing proves nothing: it is shown each spelling of what must not be there. */
import { describe, expect, it } from 'vitest';
import { callWitness, createFindLeaks } from './canaries.ts';

const findLeaks = createFindLeaks({
  secrets: { 'a token': 'wren/fulmar?siskin', 'a key': Buffer.from('00ff10ef20df30cf', 'hex') },
  phones: ['+442079460177'],
  people: ['Ada Winter', 'ada@example.com'],
});

describe('what is found', () => {
  it.each([
    ['a secret as it is', '{"detail":"wren/fulmar?siskin"}', 'a token'],
    ['a secret in a URL', 'GET /?token=wren%2Ffulmar%3Fsiskin', 'a token'],
    ['a secret in base64', 'Basic d3Jlbi9mdWxtYXI/c2lza2lu', 'a token'],
    ['a secret in base64 for URLs', 'd3Jlbi9mdWxtYXI_c2lza2lu', 'a token'],
    ['bytes in hex', 'key 00ff10ef20df30cf', 'a key'],
    ['bytes in base64 without its end', 'AP8Q7yDfMM8', 'a key'],
    ['a number', 'PHONE#+442079460177', 'the number +442079460177'],
    ['a number in groups', '+44 20 7946-0177', 'the number +442079460177'],
    ['seven digits of a number', '…9460177', 'the number +442079460177'],
    ['a name in capitals', 'ADA WINTER called', 'Ada Winter'],
    ['an e-mail', 'AGENT#ada@example.com', 'ada@example.com'],
  ])('%s', (_, text, leak) => {
    expect(findLeaks(text)).toContain(leak);
  });
});

it.each([
  ['two digits', '{"caller":"…77","callId":"814000001"}'],
  ['the time', '{"timestamp":"2026-11-25T22:44:26.017Z","Timestamp":1764207946017}'],
  ['the id of a request', '{"requestId":"94601770-7946-0177-9460-177794601770"}'],
])('what is not: %s', (_, text) => {
  expect(findLeaks(text)).toEqual([]);
});

it('the witness sees what is written by whatever way, with the stack and the cause of an error', async () => {
  const witness = callWitness();
  process.stdout.write('one ');
  process.stderr.write(Buffer.from('two '));
  const { console: terminal } = globalThis;
  terminal.warn('three', { four: 4 });
  terminal.error(new Error('five', { cause: new Error('six') }));
  void Promise.reject(new Error('seven'));
  await new Promise((resolve) => setTimeout(resolve, 10));
  witness.dismiss();

  for (const word of ['one', 'two', 'three', 'four', 'five', 'six', 'canaries.test.ts'])
    expect(witness.written()).toContain(word);
  expect(witness.unhandled).toEqual([new Error('seven')]);
});
