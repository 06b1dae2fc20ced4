/** A quiet bar in the shape of what comes. Sizes in px, or a share of the width as `'70%'`. */
export const Skeleton = ({ width, height = 12 }: { width: number | string; height?: number }) => (
  <span className="skeleton" aria-hidden style={{ width, height }} />
);

/** Rows of a table that loads; the header above is real. */
export function SkeletonRows({ label, rows = 6 }: { label: string; rows?: number }) {
  return (
    <div className="panel-body grid content-start gap-5">
      <output className="sr-only">Loading {label}</output>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex items-center gap-4">
          <Skeleton width={18} />
          <span className="flex-1">
            <Skeleton width={`${86 - ((row * 17) % 31)}%`} />
          </span>
          <Skeleton width={44} />
        </div>
      ))}
    </div>
  );
}
