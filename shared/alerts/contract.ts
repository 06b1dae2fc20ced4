import * as z from 'zod';
import { route } from '#shared/kernel/contract.ts';
import { idInput } from '#shared/kernel/text.ts';

/** Why there is an alert. One alert per coach and cause: what has the same cause is one line. */
export const ALERT_CAUSES = [
  'on_hold',
  'account_refused',
  'ready_to_add',
  'release_missing',
  'profile_incomplete',
  'never_signed_in',
  'idle',
  'team_sync_failed',
  'team_drift',
  'account_denied',
  'not_approved',
  'team_sync_late',
  'stale_sync',
  'sync_paused',
  'access_refused',
] as const;
export const alertCauseSchema = z.enum(ALERT_CAUSES);
export type AlertCause = z.infer<typeof alertCauseSchema>;

/** `program`: nothing for the coach to do; the platform's staff, an admin or the sync itself acts. */
export const alertActorSchema = z.enum(['coach', 'program']);

export const alertSchema = z.object({
  id: z.string(),
  coachId: z.string(),
  cause: alertCauseSchema,
  actor: alertActorSchema,
  /** `program`: about everybody, so that there are no ids. */
  subjectKind: z.enum(['competitor', 'team', 'program']),
  subjectIds: z.array(z.string()),
  /** When the oldest of it began, as far as is known. */
  since: z.iso.datetime(),
  headline: z.string(),
  sentence: z.string(),
  /** The one thing to do; `target` is null where it is about several. */
  action: z.object({
    code: z.enum([
      'record_release',
      'settle_refusal',
      'add_to_platform',
      'complete_profile',
      'reset_password',
      'look_at_competitors',
      'look_at_team',
      'recreate_team',
    ]),
    target: z.object({ kind: z.enum(['competitor', 'team']), id: z.string() }).nullable(),
  }),
  /** Null while it is open. */
  snoozedUntil: z.iso.datetime().nullable(),
});
export type Alert = z.infer<typeof alertSchema>;

export const alertListSchema = z.object({
  /** Open alerts, the coach's own first. Over all coaches at most 100 in all, those that wait longest first. */
  items: z.array(alertSchema),
  snoozed: z.array(alertSchema),
  /** Of all open alerts and of those for coaches to act on, and what closed by itself within the last day. */
  counts: z.object({ open: z.int(), ofCoach: z.int(), closed: z.int() }),
  /** False when alerts, or some of whom they are about, were left out. */
  complete: z.boolean(),
  /** Over all coaches: when alerts were last looked at, for the coach whose turn was longest ago. Null: just now. */
  asOf: z.iso.datetime().nullable(),
  /** What closed by itself within the last day; over all coaches only counted. */
  closed: z.array(z.object({ coachId: z.string(), cause: alertCauseSchema, closedAt: z.iso.datetime() })),
  /** Always null: a coach's causes are few, and over all coaches the list is cut. */
  nextCursor: z.string().nullable(),
});
export type AlertList = z.infer<typeof alertListSchema>;

export const LONGEST_SNOOZE_DAYS = 90;
export const DAY_MS = 86_400_000;

export const alertRoutes = {
  listAlerts: route('GET', '/api/game-platform/alerts', {
    served: 'dashboard-api',
    access: 'coach',
    rate: 'read',
    summary: 'Open alerts: cause, who acts, since when, what to do',
    query: z.object({ coachId: idInput.optional(), actor: alertActorSchema.optional() }),
    success: { status: 200, description: 'Open alerts, and those snoozed.', schema: alertListSchema },
    actAs: true,
    revalidated: true,
  }),
  snoozeAlert: route('POST', '/api/game-platform/alerts/{alertId}/snooze', {
    served: 'dashboard-api',
    access: 'coach',
    rate: 'write',
    summary: 'Put an alert away until a date, or until it is about somebody else too',
    body: z.strictObject({
      until: z.iso.datetime({ error: 'Enter a time in the future, as ISO 8601 UTC.' }),
    }),
    success: { status: 200, description: 'Snoozed.', schema: alertSchema },
    problems: { 409: ['ALERT_CLOSED'] },
    actAs: true,
  }),
  wakeAlert: route('POST', '/api/game-platform/alerts/{alertId}/wake', {
    served: 'dashboard-api',
    access: 'coach',
    rate: 'write',
    summary: 'Bring a snoozed alert back',
    success: { status: 200, description: 'Open.', schema: alertSchema },
    problems: { 409: ['ALERT_CLOSED'] },
    actAs: true,
  }),
} as const;
