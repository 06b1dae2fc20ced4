import { Skeleton, SkeletonRows } from '../../shared/ui/skeleton.tsx';

/** The shape of what comes; said once. */
export function DashboardSkeleton() {
  return (
    <div className="blocks" aria-busy>
      <output className="sr-only">Loading the dashboard</output>
      <div className="brief" aria-hidden>
        {[1, 2, 3].map((key) => (
          <section key={key}>
            <Skeleton width={120} />
            <Skeleton width="80%" height={22} />
            <Skeleton width="95%" />
          </section>
        ))}
      </div>
      <div className="kpis" aria-hidden>
        {[1, 2, 3, 4, 5].map((key) => (
          <div key={key} className="panel kpi content-start gap-3">
            <Skeleton width={128} />
            <Skeleton width={84} height={34} />
            <Skeleton width={150} height={10} />
            <Skeleton width="100%" height={36} />
            <Skeleton width={140} height={10} />
          </div>
        ))}
      </div>
      <div className="panel">
        <div className="panel-head">
          <h2>Challenges Done</h2>
        </div>
        <SkeletonRows label="the leaderboard" rows={8} />
      </div>
    </div>
  );
}
