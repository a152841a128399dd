/**
 * A chart of horizontal bars as SVG: figures in groups, readable on a light page and on a dark one, and to whom it is read.
 */
export type BarChart = {
  readonly title: string;
  /** What is compared with what. */
  readonly description: string;
  /** Of the figures, `ms`. */
  readonly unit: string;
  readonly groups: readonly BarGroup[];
};

export type BarGroup = { readonly label: string; readonly bars: readonly ChartBar[] };

/** `isOurs`: the one that the others are there for. */
export type ChartBar = { readonly label: string; readonly value: number; readonly isOurs?: boolean };

const width = 760;
const labelWidth = 210;
const valueWidth = 90;
const top = 72;
const groupHeight = 30;
const barHeight = 22;
const barsWidth = width - labelWidth - valueWidth;

const style = `
    text { font: 13px system-ui, sans-serif; fill: #1f2328; }
    .title { font-size: 17px; font-weight: 600; }
    .group { font-weight: 600; }
    .note { fill: #59636e; }
    rect { fill: #8c959f; }
    .ours { fill: #0969da; }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc; }
      .note { fill: #9198a1; }
      rect { fill: #656c76; }
      .ours { fill: #4493f8; }
    }`;

export function drawBarChart({ title, description, unit, groups }: BarChart): string {
  const most = Math.max(...groups.flatMap(({ bars }) => bars.map(({ value }) => value)));
  const lines: string[] = [];
  let y = top;
  for (const group of groups) {
    y += groupHeight;
    lines.push(text(16, y - 8, group.label, 'group'));
    for (const bar of group.bars) {
      lines.push(...drawBar(bar, y, unit, most));
      y += barHeight;
    }
  }
  const height = y + 16;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">
  <title id="title">${escapeMarkup(title)}</title>
  <desc id="description">${escapeMarkup(`${description}. ${readOut(groups, unit)}`)}</desc>
  <style>${style}
  </style>
  ${text(16, 30, title, 'title')}
  ${text(16, 54, description, 'note')}
  ${lines.join('\n  ')}
</svg>
`;
}

function drawBar(
  { label, value, isOurs = false }: ChartBar,
  y: number,
  unit: string,
  most: number,
): string[] {
  const length = most === 0 ? 0 : (value / most) * barsWidth;
  return [
    text(28, y + 15, label),
    `<rect${isOurs ? ' class="ours"' : ''} x="${labelWidth}" y="${y + 3}" width="${length.toFixed(1)}" height="${barHeight - 6}" rx="2"/>`,
    text(labelWidth + length + 6, y + 15, `${value.toFixed(1)} ${unit}`),
  ];
}

/** Every figure in words, for whoever can't see the bars. */
function readOut(groups: readonly BarGroup[], unit: string): string {
  return groups
    .map(({ label, bars }) => {
      const figures = bars.map((bar) => `${bar.label} ${bar.value.toFixed(1)} ${unit}`);
      return `${label}: ${figures.join(', ')}`;
    })
    .join('. ');
}

function text(x: number, y: number, content: string, kind?: string): string {
  const name = kind === undefined ? '' : ` class="${kind}"`;
  return `<text${name} x="${Number(x.toFixed(1))}" y="${y}">${escapeMarkup(content)}</text>`;
}

function escapeMarkup(content: string): string {
  return content
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
