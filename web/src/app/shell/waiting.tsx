import { useQuery } from '@tanstack/react-query';
import { rosterPlanQuery } from '../../features/roster-plan/api/get-roster-plan.ts';
import { waitsForAdmin } from '../../features/roster-plan/waits-for-admin.ts';
import { useApi } from '../../shared/api/api-context.ts';
import { seesAllCoaches, useMe } from '../../shared/identity/get-me.ts';

const WAITING_EVERY_MS = 5 * 60_000;

/** How much waits for an admin, by page. */
export function useWaiting(): Readonly<Record<string, number>> {
  const plan = useQuery({
    ...rosterPlanQuery(useApi()),
    enabled: seesAllCoaches(useMe()),
    refetchInterval: WAITING_EVERY_MS,
  });
  return { '/roster-plan': waitsForAdmin(plan.data) };
}

/** The number beside a page's name. */
export const Waiting = ({ count }: { count: number | undefined }) =>
  count !== undefined &&
  count > 0 && (
    <span className="nav-count">
      <span className="sr-only">, </span>
      {count}
      <span className="sr-only"> {count === 1 ? 'waits' : 'wait'} for you</span>
    </span>
  );
