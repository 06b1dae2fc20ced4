import type { ReactNode } from 'react';
import { useWidth } from '#web/shared/charts/sparkline.tsx';
import { count } from '#shared/kernel/format.ts';

export const EDGE = { left: 44, top: 14, bottom: 24 };

interface PlotProps {
  readonly height: number;
  /** The finding in a sentence. */
  readonly label: string;
  readonly children: (width: number) => ReactNode;
}

/** A drawing as wide as its place. */
export function Plot({ height, label, children }: PlotProps) {
  const [holder, width] = useWidth<HTMLDivElement>();
  return (
    <div ref={holder} className="min-w-0" style={{ minHeight: height }}>
      {width > 0 && (
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={label}
          className="block overflow-visible [&_text]:fill-muted [&_text]:text-12 [&_text]:tabular-nums"
        >
          {children(width)}
        </svg>
      )}
    </div>
  );
}

/** The fill of what is still to come; an id of its own for each drawing. */
export const ToCome = ({ id }: { id: string }) => (
  <defs>
    <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <line x1="0" x2="0" y1="0" y2="6" stroke="var(--line-control)" strokeWidth="2" />
    </pattern>
  </defs>
);

/** Dotted hairlines with their figures, the zero line solid. */
export const Grid = ({
  ticks,
  y,
  width,
  text = count,
}: {
  ticks: readonly number[];
  y: (value: number) => number;
  width: number;
  text?: (value: number) => string;
}) =>
  ticks.map((tick) => (
    <g key={tick}>
      <line
        x1={EDGE.left}
        x2={width}
        y1={y(tick)}
        y2={y(tick)}
        stroke={tick === 0 ? 'var(--line-strong)' : 'var(--grid)'}
        strokeDasharray={tick === 0 ? undefined : '1 3'}
      />
      <text x={EDGE.left - 8} y={y(tick) + 4} textAnchor="end">
        {text(tick)}
      </text>
    </g>
  ));

/** A limit across the plot, with its name. */
export const Limit = ({ y, width, name }: { y: number; width: number; name: string }) => (
  <>
    <line x1={EDGE.left} x2={width} y1={y} y2={y} stroke="var(--text-2)" strokeDasharray="5 3" />
    <text
      x={width}
      y={y - 5}
      textAnchor="end"
      stroke="var(--surface-1)"
      strokeWidth={4}
      style={{ paintOrder: 'stroke' }}
    >
      {name}
    </text>
  </>
);

export const Swatch = ({ color, hatched = false }: { color: string; hatched?: boolean }) => (
  <span
    className="swatch"
    style={
      hatched
        ? {
            backgroundImage: `repeating-linear-gradient(45deg, ${color} 0 1.5px, transparent 1.5px 3px)`,
            boxShadow: `inset 0 0 0 1px ${color}`,
          }
        : { background: color }
    }
  />
);
