/**
 * JSON texts that nobody should send in place of a value, by name: a name fits into a complaint, a megabyte doesn't. Some
 * are no JSON at all.
 */
const long = (text: string, bytes = 200_000) => JSON.stringify(text.repeat(bytes / text.length));
const nested = (begin: string, end: string, levels: number) => begin.repeat(levels) + end.repeat(levels);
const listOf = (item: (index: number) => string, count: number) =>
  `[${Array.from({ length: count }, (_, index) => item(index)).join()}]`;
const fictional = (index: number) => `{"value":"+1202555${String(index).padStart(4, '0')}"}`;

export const oddValues = {
  null: 'null',
  true: 'true',
  zero: '0',
  'minus zero': '-0',
  'minus one': '-1',
  half: '0.5',
  'a time in milliseconds': '1763851200000',
  'a time before time': '-9999999999',
  'a time in the year 6000': '127174492800',
  'beyond 2^53': '9007199254740993',
  'the last int64': '9223372036854775807',
  'beyond int64': '9223372036854775808',
  'minus int64': '-9223372036854775809',
  '1e21': '1e21',
  '1e300': '1e300',
  'minus 1e300': '-1e300',
  '1e400': '1e400',
  '1e-400': '1e-400',
  'a number of 400 digits': '9'.repeat(400),
  NaN: 'NaN',
  'an empty text': '""',
  'a text': '"text"',
  'a number in quotes': '"812000001"',
  'a key of ours': '"ACCOUNT#default"',
  'a date that is none': '"2026-13-45T99:99:99Z"',
  'half a character': '"\\ud800"',
  'half a character in an e-mail': '"a\\udc00@example.com"',
  'control characters': '"\\u0000\\u001b[2J\\r\\n\\u2028"',
  'bare control characters': '"\u0001\n"',
  'an object': '{}',
  'a list': '[]',
  'a list of an object': '[{}]',
  'a list of null': '[null]',
  'a prototype': '{"__proto__":{"isPolluted":true,"id":456,"value":"+12025550101"}}',
  'a constructor': '{"constructor":{"prototype":{"isPolluted":true}},"toString":7,"hasOwnProperty":null}',
  'a method in JSON': '{"toJSON":"a","then":"b","valueOf":null}',
  '10,000 lists': nested('[', ']', 10_000),
  '10,000 objects': nested('{"a":', '}', 10_000).replace('}', '0}'),
  '100,000 lists': nested('[', ']', 100_000),
  '60,000 numbers': listOf(() => '1', 60_000),
  '10,000 objects in a list': listOf(() => '{}', 10_000),
  '60 numbers of phones': listOf(fictional, 60),
  '8,000 numbers of phones': listOf(fictional, 8_000),
  'a text of 1 MB': long('x', 1_000_000),
  'a text of 200 KB': long('x'),
  'digits of 200 KB': long('7'),
  'spaces of 200 KB': long(' '),
  'plus signs of 200 KB': long('+'),
  'lines of 200 KB': long('a:b\n'),
  'attributes of 200 KB': JSON.stringify(
    Array.from({ length: 15_000 }, (_, index) => `a${index}:${index}`).join('\n'),
  ),
  'an attribute with an odd name': '"__proto__:x\\nconstructor:y\\ntoString:z"',
  'accents of 200 KB': long('é', 100_000),
  'dots of an e-mail': `"a@${'a.'.repeat(100_000)}@"`,
  'an e-mail of 3,000 characters': `"${'a'.repeat(3_000)}@example.com"`,
  'an e-mail of 200 KB': `"a@${'a.'.repeat(100_000)}a"`,
  'a half text': '"text',
  'a key without a value': '{"a":}',
  nothing: '',
} as const satisfies Readonly<Record<string, string>>;

export type OddValue = keyof typeof oddValues;
export const oddNames = Object.keys(oddValues) as readonly OddValue[];
