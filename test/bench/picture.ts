/** Charts as SVG pictures that read well on light and dark pages; pure. */

const WIDTH = 760;
const HEIGHT = 400;
const LEFT = 64;
const RIGHT = 170;
const TOP = 40;
const BOTTOM = 56;
const STEPS = 5;

interface Frame {
  /** Also the picture's text for those who do not see it. */
  readonly title: string;
  readonly xAxis: string;
  readonly yAxis: string;
}

export interface Line {
  readonly name: string;
  readonly color: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** Values of a series, one for each place on the x axis. */
export interface Stack {
  readonly name: string;
  readonly color: string;
  readonly values: readonly number[];
}

const at = (value: number): string => value.toFixed(1);

/** The least of 1, 2, 2.5, 5 × 10ⁿ with which {@link STEPS} steps reach the value. */
function stepFor(most: number): number {
  const raw = Math.max(most, Number.MIN_VALUE) / STEPS;
  const power = 10 ** Math.floor(Math.log10(raw));
  return ([1, 2, 2.5, 5].find((one) => one * power >= raw) ?? 10) * power;
}

const short = (value: number): string => Number(value.toPrecision(3)).toLocaleString('en-US');

const heightOf = (value: number, top: number): number =>
  HEIGHT - BOTTOM - (value / top) * (HEIGHT - BOTTOM - TOP);

function picture(
  { title, xAxis, yAxis }: Frame,
  top: number,
  ticks: readonly { readonly x: number; readonly text: string }[],
  inside: readonly string[],
): string {
  const grid = Array.from({ length: STEPS + 1 }, (_, step) => (top * step) / STEPS).map(
    (value) =>
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(heightOf(value, top))}" y2="${at(heightOf(value, top))}" stroke="#26324a"/>` +
      `<text x="${LEFT - 8}" y="${at(heightOf(value, top) + 4)}" text-anchor="end">${short(value)}</text>`,
  );
  const marks = ticks.map(
    ({ x, text }) => `<text x="${at(x)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${text}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="Inter, system-ui, sans-serif" font-size="12" fill="#c3cde0">`,
    `<title>${title}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" rx="10" fill="#0d1424"/>`,
    `<text x="${LEFT}" y="24" font-size="14" fill="#eef2fa">${title}</text>`,
    ...grid,
    ...marks,
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 14}" text-anchor="middle">${xAxis}</text>`,
    `<text transform="translate(18 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${yAxis}</text>`,
    ...inside,
    '</svg>',
    '',
  ].join('\n');
}

const legend = (name: string, color: string, index: number): string =>
  `<rect x="${WIDTH - RIGHT + 16}" y="${TOP + 22 * index}" width="10" height="10" rx="2" fill="${color}"/>` +
  `<text x="${WIDTH - RIGHT + 32}" y="${TOP + 9 + 22 * index}">${name}</text>`;

/** Lines over an axis of powers; every x of a line is a tick. */
export function linePicture(frame: Frame, lines: readonly Line[]): string {
  const xs = [...new Set(lines.flatMap(({ points }) => points.map(({ x }) => x)))].toSorted((a, b) => a - b);
  const [low, high] = [Math.log(xs[0] ?? 1), Math.log(xs.at(-1) ?? 1)];
  const place = (x: number): number =>
    LEFT + 16 + (high === low ? 0 : (Math.log(x) - low) / (high - low)) * (WIDTH - RIGHT - LEFT - 32);
  const top = STEPS * stepFor(Math.max(...lines.flatMap(({ points }) => points.map(({ y }) => y))));
  return picture(
    frame,
    top,
    xs.map((x) => ({ x: place(x), text: x.toLocaleString('en-US') })),
    lines.flatMap(({ name, color, points }, index) => [
      `<polyline points="${points.map(({ x, y }) => `${at(place(x))},${at(heightOf(y, top))}`).join(' ')}" fill="none" stroke="${color}" stroke-width="2"/>`,
      ...points.map(
        ({ x, y }) => `<circle cx="${at(place(x))}" cy="${at(heightOf(y, top))}" r="3" fill="${color}"/>`,
      ),
      legend(name, color, index),
    ]),
  );
}

/** Lines over time, which begins at 0. */
export function timePicture(frame: Frame, lines: readonly Line[]): string {
  const points = lines.flatMap((line) => line.points);
  const end = STEPS * stepFor(Math.max(...points.map(({ x }) => x)));
  const top = STEPS * stepFor(Math.max(...points.map(({ y }) => y)));
  const place = (x: number): number => LEFT + (x / end) * (WIDTH - RIGHT - LEFT);
  return picture(
    frame,
    top,
    Array.from({ length: STEPS + 1 }, (_, step) => (end * step) / STEPS).map((x) => ({
      x: place(x),
      text: short(x),
    })),
    lines.flatMap((line, index) => [
      `<polyline points="${line.points.map(({ x, y }) => `${at(place(x))},${at(heightOf(y, top))}`).join(' ')}" fill="none" stroke="${line.color}" stroke-width="2"/>`,
      legend(line.name, line.color, index),
    ]),
  );
}

/** Bars of several series on top of each other. */
export function stackPicture(frame: Frame, names: readonly string[], stacks: readonly Stack[]): string {
  const sums = names.map((_, index) => stacks.reduce((sum, { values }) => sum + (values[index] ?? 0), 0));
  const top = STEPS * stepFor(Math.max(...sums));
  const width = (WIDTH - RIGHT - LEFT) / names.length;
  const bases = names.map(() => 0);
  const bars = stacks.flatMap(({ values, color }) =>
    names.flatMap((_, index) => {
      const value = values[index] ?? 0;
      if (value === 0) return [];
      const base = bases[index] ?? 0;
      bases[index] = base + value;
      const y = heightOf(base + value, top);
      return [
        `<rect x="${at(LEFT + index * width + 2)}" y="${at(y)}" width="${at(width - 4)}" height="${at(heightOf(base, top) - y)}" fill="${color}"/>`,
      ];
    }),
  );
  return picture(
    frame,
    top,
    names.map((text, index) => ({ x: LEFT + (index + 0.5) * width, text })),
    [...bars, ...stacks.map(({ name, color }, index) => legend(name, color, index))],
  );
}
