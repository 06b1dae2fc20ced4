import { Bar, LinePath } from '@visx/shape';
import { useEffect, useRef, useState } from 'react';

const HEIGHT = 36;
const BAR_GAP = 2;

interface SparklineProps {
  readonly values: readonly number[];
  readonly kind: 'line' | 'bars';
  /** The finding in a sentence. */
  readonly label: string;
}

/** The course of one figure, without axes. Bars start at zero; the last value is the one in the accent. */
export function Sparkline({ values, kind, label }: SparklineProps) {
  const [holder, width] = useWidth<HTMLDivElement>();
  return (
    <div ref={holder} className="min-w-0">
      <svg width={width} height={HEIGHT} role="img" aria-label={label} className="block overflow-visible">
        {width > 0 &&
          (kind === 'bars' ? <Bars values={values} width={width} /> : <Line values={values} width={width} />)}
      </svg>
    </div>
  );
}

function Line({ values, width }: { values: readonly number[]; width: number }) {
  const highest = Math.max(...values);
  const lowest = Math.min(...values);
  const x = linearScale([0, values.length - 1], [1, width - 4]);
  const y = linearScale([lowest, highest], [HEIGHT - 5, 4]);
  const points = values.map((value, index) => ({ x: x(index), y: y(value) }));
  const last = points.at(-1);
  return (
    <>
      <LinePath
        data={points}
        x={(point) => point.x}
        y={(point) => point.y}
        stroke="var(--text-2)"
        strokeWidth={1.5}
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      {last && <circle cx={last.x} cy={last.y} r={2.5} fill="var(--accent)" />}
    </>
  );
}

function Bars({ values, width }: { values: readonly number[]; width: number }) {
  const step = width / values.length;
  const height = linearScale([0, Math.max(1, ...values)], [0, HEIGHT - 2]);
  const bars = values.map((value, index) => ({ x: index * step, tall: Math.max(1, height(value)) }));
  return bars.map(({ x, tall }) => (
    <Bar
      key={x}
      x={x}
      y={HEIGHT - tall}
      width={Math.max(1.5, step - BAR_GAP)}
      height={tall}
      rx={1}
      fill={x === bars.at(-1)?.x ? 'var(--text-2)' : 'var(--s-base)'}
    />
  ));
}

/** The width of an element in px, kept up to date; 0 until it is known. Charts are drawn at their own width. */
export function useWidth<E extends Element>() {
  const element = useRef<E>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (element.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.floor(entry.contentRect.width));
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return [element, width] as const;
}

/** Maps `domain` onto `range` in a straight line. A domain without extent maps to the middle of the range. */
export function linearScale(
  domain: readonly [number, number],
  range: readonly [number, number],
): (value: number) => number {
  const extent = domain[1] - domain[0];
  if (extent === 0) return () => (range[0] + range[1]) / 2;
  return (value) => range[0] + ((value - domain[0]) / extent) * (range[1] - range[0]);
}

/** Round numbers from 0 up to at least the highest value, four steps at most. */
export function ticksUpTo(highest: number): number[] {
  const rough = Math.max(1, highest) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 2.5, 5, 10].find((unit) => unit * power >= rough) ?? 10) * power);
  return Array.from({ length: Math.ceil(Math.max(1, highest) / step) + 1 }, (_, index) => index * step);
}
