import * as z from 'zod';
import { route } from '#shared/kernel/contract.ts';

/** When a coach gets the weekly email: each Monday, only when something needs them, or never. */
export const WEEKLY_CHOICES = ['always', 'when_needed', 'never'] as const;
export const weeklyChoiceSchema = z.enum(WEEKLY_CHOICES, {
  error: `Choose one of ${WEEKLY_CHOICES.join(', ')}.`,
});
export type WeeklyChoice = z.infer<typeof weeklyChoiceSchema>;

/** Where the email's links lead: the page that asks before it changes anything, and what it calls. */
export const MAIL_PAGE = '/mail';
export const MAIL_CHOICE_PATH = '/api/mail/choice';

export const noticeChoiceSchema = z.object({ weekly: weeklyChoiceSchema });
export type NoticeChoice = z.infer<typeof noticeChoiceSchema>;

/** Coach and what only their emails say; nothing of either tells who they are. */
const keyInput = z
  .string()
  .regex(/^[\w.:#-]{1,100}~[\w-]{22}$/, { error: 'Use the link from your newest email.' });

export const noticeRoutes = {
  getNotices: route('GET', '/api/me/notices', {
    served: 'dashboard-api',
    access: 'coach',
    rate: 'read',
    summary: 'When a coach gets the weekly email',
    success: { status: 200, description: 'What the coach chose.', schema: noticeChoiceSchema },
    actAs: true,
  }),
  chooseNotices: route('PUT', '/api/me/notices', {
    served: 'dashboard-api',
    access: 'coach',
    rate: 'write',
    summary: 'Choose when the weekly email comes',
    body: z.strictObject({ weekly: weeklyChoiceSchema }),
    success: { status: 200, description: 'Saved.', schema: noticeChoiceSchema },
    actAs: true,
  }),
  /** Also what mail programs press for their reader (RFC 8058): no sign-in, and a body that says nothing more. */
  chooseByKey: route('POST', MAIL_CHOICE_PATH, {
    served: 'dashboard-api',
    access: 'public',
    rate: 'write',
    summary: 'Stop the weekly email with the key that it brought, without a sign-in',
    query: z.object({ key: keyInput, weekly: weeklyChoiceSchema }),
    success: { status: 200, description: 'Saved.', schema: noticeChoiceSchema },
  }),
} as const;
