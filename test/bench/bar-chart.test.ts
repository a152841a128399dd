import { expect, it } from 'vitest';
import { drawBarChart } from '../../bench/bar-chart.ts';

const chart = drawBarChart({
  title: 'Time to transfer <warm>',
  description: '500 calls each',
  unit: 'ms',
  groups: [
    {
      label: 'p50',
      bars: [
        { label: 'floor & co', value: 46 },
        { label: 'this router', value: 92, isOurs: true },
      ],
    },
  ],
});

it('says in words what it shows, to whom it is read', () => {
  expect(chart).toContain('<title id="title">Time to transfer &lt;warm&gt;</title>');
  expect(chart).toContain(
    '<desc id="description">500 calls each. p50: floor &amp; co 46.0 ms, this router 92.0 ms</desc>',
  );
  expect(chart).toContain('role="img" aria-labelledby="title description"');
});

it('draws bars as long as their figures, the longest as wide as there is room', () => {
  const widths = [...chart.matchAll(/<rect[^>]* width="([\d.]+)"/g)].map(([, width]) => width);
  expect(widths).toEqual(['230.0', '460.0']);
});

it('marks ours', () => {
  expect(chart.match(/<rect class="ours"/g)).toHaveLength(1);
});

it('has colours for a light page and for a dark one', () => {
  expect(chart).toContain('@media (prefers-color-scheme: dark)');
});

it('grows with its bars', () => {
  expect(chart).toContain('viewBox="0 0 760 162"');
});

it('draws bars of nothing, where all is nothing', () => {
  const groups = [{ label: 'p50', bars: [{ label: 'floor', value: 0 }] }];
  const empty = drawBarChart({ title: 'T', description: 'D', unit: 'ms', groups });
  expect(empty).toContain('width="0.0"');
});
