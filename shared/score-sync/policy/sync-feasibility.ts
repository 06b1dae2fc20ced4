import { dayLimit } from '#shared/game-platform/budget/lease-slots.ts';
import type { SyncFeasibility } from '#shared/settings/contract.ts';
import type { SyncSettings } from '#shared/settings/sync-settings.ts';
import { feasibility, type InfeasibleCode } from './feasibility.ts';
import { ROUND_SECONDS } from './read-policy.ts';
import { everyoneDailyReads, EVERYONE_EVERY_SECONDS } from './sync-all-policy.ts';
import { variantShares } from './variants.ts';

/** Whether the settings can be kept with so many competitors, for the page that changes them. */

const DAY = 86_400;

const FIELD_OF: Readonly<Record<InfeasibleCode, keyof SyncSettings>> = {
  budget_below_sla: 'dailyCallBudget',
  rate_below_sla: 'callsPerSecond',
  rounds_beyond_sla: 'slaHours',
};

/** Calls a day, and in a second, that are left to reads. */
const forReads = (settings: SyncSettings) => ({
  dailyBudget: dayLimit(settings, 'reads'),
  callsPerSecond: settings.callsPerSecond * (1 - settings.rosterReserve.perSecond),
});

export function syncFeasibility(settings: SyncSettings, competitors: number): SyncFeasibility {
  const { dailyBudget, callsPerSecond } = forReads(settings);
  const slaSeconds = settings.slaHours * 3600;
  const plan = { competitors, slaSeconds, dailyBudget, roundSeconds: ROUND_SECONDS, callsPerSecond };
  const { leastDailyCalls, advisedDailyCalls, batchSize, problems } = feasibility(plan);
  const found: { path: string; message: string }[] = problems.map(({ code, sentence }) => ({
    path: FIELD_OF[code],
    message: sentence,
  }));
  const shares = variantShares(settings);
  if (shares.all > 0) {
    const calls = Math.ceil(everyoneDailyReads(competitors, EVERYONE_EVERY_SECONDS));
    const most = Math.floor(Math.min(dailyBudget, callsPerSecond * DAY));
    if (calls > most) {
      found.push({
        path: 'batching',
        message: `Reading all ${competitors} competitors every 30 minutes takes ${calls} calls a day; at most ${most} are left to reads.`,
      });
    }
  }
  const rotating = Math.ceil(shares.rotation * competitors);
  const batch = Math.ceil(shares.rotation * batchSize);
  if (rotating > 0 && settings.batchSize < batch) {
    found.push({
      path: 'batchSize',
      message: `A rotation through ${rotating} competitors takes ${Math.ceil(rotating / settings.batchSize)} batches, one every five minutes, which is longer than ${settings.slaHours} hours; batches of ${batch} are enough.`,
    });
  }
  const { dailyReads } = settings.adaptive;
  const least = Math.ceil(shares.adaptive * leastDailyCalls);
  if (shares.adaptive > 0 && dailyReads !== null && dailyReads < least) {
    found.push({
      path: 'adaptive.dailyReads',
      message: `Reading ${Math.ceil(shares.adaptive * competitors)} competitors every ${settings.slaHours} hours takes ${least} reads a day.`,
    });
  }
  return { competitors, leastDailyCalls, advisedDailyCalls, batchSize, problems: found };
}
