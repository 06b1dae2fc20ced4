import type { Alert } from '#shared/alerts/contract.ts';
import type { DashboardView } from '#shared/dashboard/contract.ts';
import type { Coach } from '#shared/identity/identity.ts';
import { eachSubject } from '#shared/jobs/each-subject.ts';
import type { PartWorker } from '#shared/jobs/work-part.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { MAIL_CHOICE_PATH } from './contract.ts';
import type { SendLetter } from './mail.ts';
import { sendOnce, type NoticeRepository } from './notice-repository.ts';
import { lastWeek, weeklyLetterOf } from './weekly-letter.ts';

export interface WeeklyDeps {
  readonly coachById: (coachId: string) => Promise<Coach | undefined>;
  readonly alertsOf: (coachId: string) => Promise<readonly Alert[]>;
  /** Null when there is no such coach. */
  readonly dashboardOf: (
    coachId: string,
    week: { readonly from: string; readonly to: string },
  ) => Promise<DashboardView | null>;
  readonly firstNamesOf: (competitorIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  readonly notices: Pick<NoticeRepository, 'recipient' | 'claim' | 'markSent' | 'giveBack'>;
  /** Null: this stage sends no notices. */
  readonly mail: { readonly send: SendLetter; readonly siteUrl: string } | null;
  readonly dayOf: (iso: string) => string;
  readonly now: Clock;
}

const COACHES_AT_ONCE = 2;
const START_WITH_MS = 15_000;

/** Processes parts of `weekly_email`: each coach is emailed once a week, however often a part is processed. */
export function createWeeklyWorker(deps: WeeklyDeps): PartWorker<Record<string, never>> {
  const { notices } = deps;

  async function tell(coachId: string): Promise<string> {
    const { mail } = deps;
    if (mail === null) return 'not_set_up';
    const coach = await deps.coachById(coachId);
    if (coach?.enabled !== true) return 'switched_off';
    const { weekly, token } = await notices.recipient(coachId);
    if (weekly === 'never') return 'opted_out';
    const today = deps.dayOf(deps.now().toISOString());
    const week = lastWeek(today);
    const once = { to: coachId, name: `weekly#${week.from}`, now: deps.now };
    return sendOnce(notices, once, async () => {
      const [alerts, view] = await Promise.all([deps.alertsOf(coachId), deps.dashboardOf(coachId, week)]);
      if (view === null) return false;
      const key = `${coachId}~${token}`;
      const ids = [...view.leaderboard.rows.slice(0, 3), ...view.timeline.streaks.slice(0, 1)];
      const firstNames = await deps.firstNamesOf([...new Set(ids.map(({ competitorId }) => competitorId))]);
      const { siteUrl } = mail;
      const made = weeklyLetterOf({ coach, view, alerts, firstNames, siteUrl, key, today });
      if (made === null || (weekly === 'when_needed' && made.needs === 0)) return false;
      const stop = `${siteUrl}${MAIL_CHOICE_PATH}?key=${encodeURIComponent(key)}&weekly=never`;
      await mail.send(coach.email, made.letter, stop);
      return true;
    });
  }

  return (_job, part, context) =>
    eachSubject(
      part.subjects,
      context,
      {
        concurrency: COACHES_AT_ONCE,
        startWithMs: START_WITH_MS,
        traceFields: () => ({}),
      },
      tell,
    );
}
