import { expect, it } from 'vitest';
import { formatTable } from '../../bench/table.ts';

it('puts words to the left and figures to the right', () => {
  const rows = [
    ['peer', 'p50', 'verdict'],
    ['floor', '88.1', 'met'],
    ['tutorial', '176.0', '✗ MISSED'],
  ];
  expect(formatTable(rows)).toBe(
    ['peer        p50  verdict', 'floor      88.1  met', 'tutorial  176.0  ✗ MISSED'].join('\n'),
  );
});

it('leaves a figure out where there is none', () => {
  const rows = [
    ['', 'ms', 'ratio'],
    ['import', '41.4', '1.67'],
    ['first call', '144.6', ''],
  ];
  expect(formatTable(rows)).toBe(
    ['               ms  ratio', 'import       41.4   1.67', 'first call  144.6'].join('\n'),
  );
});
