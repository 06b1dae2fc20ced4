const HEIGHT = 44;

interface BarsProps {
  /** Equally long stretches of time, oldest first. */
  readonly values: readonly number[];
  /** What the highest bar there could be stands for: several charts may share one scale. */
  readonly most: number;
  /** The finding in a sentence. */
  readonly label: string;
}

/** Counts over time, as wide as there is room. */
export function Bars({ values, most, label }: BarsProps) {
  const step = 100 / values.length;
  return (
    <svg
      viewBox={`0 0 100 ${HEIGHT}`}
      preserveAspectRatio="none"
      height={HEIGHT}
      className="block w-full"
      role="img"
      aria-label={label}
    >
      <line x1={0} x2={100} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} stroke="var(--line)" />
      {values.map((value, index) => (
        <rect
          // oxlint-disable-next-line react/no-array-index-key -- a bar is its place in time
          key={index}
          x={index * step + step * 0.12}
          width={step * 0.76}
          y={HEIGHT - (value / most) * (HEIGHT - 2)}
          height={(value / most) * (HEIGHT - 2)}
          fill="var(--s1)"
        />
      ))}
    </svg>
  );
}
