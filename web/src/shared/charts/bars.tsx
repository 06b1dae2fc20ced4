import { useId } from 'react';

const HEIGHT = 44;

/** Where values are missing: the first of each gap and how many. */
function gapsIn(values: readonly (number | null)[]): readonly (readonly [first: number, length: number])[] {
  const gaps: [number, number][] = [];
  for (const [index, value] of values.entries()) {
    const last = gaps.at(-1);
    if (value !== null) continue;
    if (last !== undefined && last[0] + last[1] === index) last[1] += 1;
    else gaps.push([index, 1]);
  }
  return gaps;
}

interface BarsProps {
  /** Equally long stretches of time, oldest first; null: not measured, which is hatched and no zero. */
  readonly values: readonly (number | null)[];
  /** What the highest bar there could be stands for: several charts may share one scale. */
  readonly most: number;
  /** The finding in a sentence. */
  readonly label: string;
}

/** Counts over time, as wide as there is room. */
export function Bars({ values, most, label }: BarsProps) {
  const step = 100 / values.length;
  const hatch = useId();
  return (
    <svg
      viewBox={`0 0 100 ${HEIGHT}`}
      preserveAspectRatio="none"
      height={HEIGHT}
      className="block w-full"
      role="img"
      aria-label={label}
    >
      <defs>
        <pattern id={hatch} width={1} height={6} patternUnits="userSpaceOnUse">
          <rect width={1} height={1} fill="var(--line)" />
        </pattern>
      </defs>
      <line x1={0} x2={100} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} stroke="var(--line)" />
      {gapsIn(values).map(([first, length]) => (
        <rect
          key={first}
          x={first * step}
          width={length * step}
          y={0}
          height={HEIGHT - 1}
          fill={`url(#${hatch})`}
        />
      ))}
      {values.map((value, index) =>
        value === null ? null : (
          <rect
            // oxlint-disable-next-line react/no-array-index-key -- a bar is its place in time
            key={index}
            x={index * step + step * 0.12}
            width={step * 0.76}
            y={HEIGHT - (value / most) * (HEIGHT - 2)}
            height={(value / most) * (HEIGHT - 2)}
            fill="var(--s1)"
          />
        ),
      )}
    </svg>
  );
}
