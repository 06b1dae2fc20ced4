import type { Timeline as TimelineData } from '#shared/dashboard/contract.ts';
import { rangeLabel } from '#shared/kernel/format.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { Maximize2, ZoomIn, ZoomOut } from 'lucide-react';
import { type CSSProperties, type ReactNode, useState } from 'react';
import { TimelineChart } from './timeline-chart.tsx';
import { type DayWindow, LEAST_DAYS, windowIn, zoomed } from './timeline-window.ts';

interface TimelineProps {
  readonly timeline: TimelineData;
  readonly today: string;
}

/** The chart of the period's days with zoom, a strip to move what is in sight, and full screen. */
export function Timeline({ timeline, today }: TimelineProps) {
  const [large, setLarge] = useState(false);
  // One window for both sizes: full screen shows what was in sight.
  const [chosen, setChosen] = useState<DayWindow | null>(null);
  const count = timeline.days.length;
  const window = windowIn(count, chosen ?? { start: 0, size: count });
  const parts = { timeline, today, window, onWindow: setChosen };
  return (
    <>
      <Zoomable {...parts}>
        <Button small onClick={() => setLarge(true)}>
          <Maximize2 size={14} aria-hidden /> Full screen
        </Button>
      </Zoomable>
      {large && (
        <Dialog title="Activity" look="full" onClose={() => setLarge(false)}>
          <Zoomable {...parts} tall>
            <Button small onClick={() => setLarge(false)}>
              Close
            </Button>
          </Zoomable>
        </Dialog>
      )}
    </>
  );
}

interface ZoomableProps extends TimelineProps {
  readonly window: DayWindow;
  readonly onWindow: (window: DayWindow) => void;
  readonly tall?: boolean;
  readonly children: ReactNode;
}

function Zoomable({ timeline, today, window, onWindow, tall = false, children }: ZoomableProps) {
  const { days } = timeline;
  const zoom = (to: 'in' | 'out') => () => onWindow(zoomed(days.length, window, to));
  const first = days[window.start]?.day ?? today;
  const last = days[window.start + window.size - 1]?.day ?? today;
  const label = rangeLabel(first, last, today);
  const closest = window.size <= Math.min(LEAST_DAYS, days.length);
  const all = window.size >= days.length;
  return (
    <div className="grid min-w-0 gap-2">
      <div className="flex flex-wrap items-center justify-end gap-2 px-5">
        <output className="mr-auto text-12 text-muted">In sight: {label}</output>
        <Button
          small
          iconOnly
          aria-label="Show more days"
          aria-disabled={all || undefined}
          onClick={all ? undefined : zoom('out')}
        >
          <ZoomOut size={14} aria-hidden />
        </Button>
        <Button
          small
          iconOnly
          aria-label="Show fewer days"
          aria-disabled={closest || undefined}
          onClick={closest ? undefined : zoom('in')}
        >
          <ZoomIn size={14} aria-hidden />
        </Button>
        {children}
      </div>
      <TimelineChart timeline={timeline} window={window} tall={tall} />
      {!all && <Brush timeline={timeline} window={window} label={label} onWindow={onWindow} />}
    </div>
  );
}

interface BrushProps {
  readonly timeline: TimelineData;
  readonly window: DayWindow;
  readonly label: string;
  readonly onWindow: (window: DayWindow) => void;
}

/** The whole period small, and on it the window, which is a slider's thumb: dragged, or moved by the arrow keys. */
function Brush({ timeline: { days }, window, label, onWindow }: BrushProps) {
  const most = Math.max(1, ...days.map(({ solves }) => solves));
  const style: CSSProperties & Record<'--in-sight', string> = {
    '--in-sight': `${(100 * window.size) / days.length}%`,
  };
  return (
    <div className="brush mx-5" style={style}>
      <svg viewBox={`0 0 ${days.length} 1`} preserveAspectRatio="none" aria-hidden>
        {days.map(({ day, solves }, index) => (
          <rect
            key={day}
            x={index + 0.2}
            y={1 - (0.9 * solves) / most}
            width={0.6}
            height={(0.9 * solves) / most}
            fill="var(--s-base)"
          />
        ))}
      </svg>
      <input
        type="range"
        aria-label="Days in sight"
        aria-valuetext={label}
        min={0}
        max={days.length - window.size}
        value={window.start}
        onChange={(event) => onWindow({ ...window, start: event.target.valueAsNumber })}
      />
    </div>
  );
}
