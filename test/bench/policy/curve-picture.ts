/** Waiting against calls as an SVG picture, both axes logarithmic; readable on light and dark pages. */

export interface Curve {
  readonly name: string;
  readonly color: string;
  readonly points: readonly { readonly calls: number; readonly minutes: number }[];
}

const WIDTH = 760;
const HEIGHT = 440;
const LEFT = 64;
const RIGHT = 170;
const TOP = 40;
const BOTTOM = 56;

const X = [200, 500, 1000, 2000, 5000, 10_000, 20_000] as const;
const Y = [2, 5, 10, 20, 50, 100, 200] as const;

function scale(ticks: readonly number[], low: number, high: number): (value: number) => number {
  const [first, last] = [Math.log(ticks[0] ?? 1), Math.log(ticks.at(-1) ?? 1)];
  return (value) => low + ((Math.log(value) - first) / (last - first)) * (high - low);
}

const x = scale(X, LEFT, WIDTH - RIGHT);
const y = scale(Y, HEIGHT - BOTTOM, TOP);
const at = (value: number): string => value.toFixed(1);

function curveOf({ name, color, points }: Curve): string {
  const shown = points
    .filter(({ calls, minutes }) => calls >= X[0] && calls <= 20_000 && minutes >= Y[0] && minutes <= 200)
    .toSorted((a, b) => a.calls - b.calls);
  const path = shown.map(({ calls, minutes }) => `${at(x(calls))},${at(y(minutes))}`).join(' ');
  const dots = shown
    .map(
      ({ calls, minutes }) => `<circle cx="${at(x(calls))}" cy="${at(y(minutes))}" r="3" fill="${color}"/>`,
    )
    .join('');
  const last = shown.at(-1);
  const label =
    last === undefined
      ? ''
      : `<text x="${at(x(last.calls) + 8)}" y="${at(y(last.minutes) + 4)}" fill="${color}">${name}</text>`;
  return `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2"/>${dots}${label}`;
}

/** @param title also the picture's text for those who do not see it */
export function curvePicture(title: string, axis: string, curves: readonly Curve[]): string {
  const grid = [
    ...X.map(
      (tick) =>
        `<line x1="${at(x(tick))}" x2="${at(x(tick))}" y1="${TOP}" y2="${HEIGHT - BOTTOM}" stroke="#26324a"/>` +
        `<text x="${at(x(tick))}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${tick.toLocaleString('en-US')}</text>`,
    ),
    ...Y.map(
      (tick) =>
        `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(y(tick))}" y2="${at(y(tick))}" stroke="#26324a"/>` +
        `<text x="${LEFT - 8}" y="${at(y(tick) + 4)}" text-anchor="end">${tick}</text>`,
    ),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="Inter, system-ui, sans-serif" font-size="12" fill="#c3cde0">`,
    `<title>${title}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" rx="10" fill="#0d1424"/>`,
    `<text x="${LEFT}" y="24" font-size="14" fill="#eef2fa">${title}</text>`,
    ...grid,
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 14}" text-anchor="middle">calls a day, 300 competitors</text>`,
    `<text transform="translate(18 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${axis}</text>`,
    ...curves.map(curveOf),
    '</svg>',
    '',
  ].join('\n');
}
