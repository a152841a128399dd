import { describe, expect, it } from 'vitest';
import { describeCaller, describeError } from '../../lib/core/describe.ts';
import { phone } from '../builders.ts';

describe('a caller, for a log', () => {
  it.each([
    [{ kind: 'identified', phone: phone('+442079460123') }, '…23'],
    [{ kind: 'withheld' }, 'withheld'],
    [{ kind: 'unreadable' }, 'unreadable'],
  ] as const)('%j is %s', (caller, text) => {
    expect(describeCaller(caller)).toBe(text);
  });
});

describe('an error, for a log', () => {
  const error = (stack: string | undefined) => Object.assign(new TypeError('+442079460123'), { stack });

  it('is its name and place, and nothing of its message', () => {
    const stack =
      'TypeError: +442079460123\nlooked at +442079460123\n    at route (file:1:2)\n  at handler (file:3:4)';
    expect(describeError(error(stack))).toEqual({
      error: 'TypeError',
      at: '    at route (file:1:2)\n  at handler (file:3:4)',
    });
  });

  it('may have no place', () => {
    expect(describeError(error(undefined))).toEqual({ error: 'TypeError', at: '' });
  });

  it.each([['text'], [7], [undefined], [{ message: '+442079460123' }]])(
    'may be anything thrown: %j',
    (thrown) => {
      expect(describeError(thrown)).toEqual({ error: typeof thrown });
    },
  );
});
