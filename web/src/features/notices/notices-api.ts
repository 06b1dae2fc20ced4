import { type NoticeChoice, noticeRoutes, type WeeklyChoice } from '#shared/notices/contract.ts';
import type { ApiClient } from '#web/shared/api/client.ts';
import { readRoute, writeRoute } from '#web/shared/api/call-route.ts';
import { queryOptions } from '@tanstack/react-query';

export const noticesQuery = (api: ApiClient, actingAs: string | null) =>
  queryOptions({
    queryKey: ['notices', actingAs],
    queryFn: ({ signal }) => readRoute(api, noticeRoutes.getNotices, { signal }),
  });

export const chooseNotices = (api: ApiClient, weekly: WeeklyChoice): Promise<NoticeChoice> =>
  writeRoute(api, noticeRoutes.chooseNotices, { body: { weekly } });

/** With the key that an email brought. */
export const chooseByKey = (
  api: ApiClient,
  query: { readonly key: string; readonly weekly: WeeklyChoice },
): Promise<NoticeChoice> => writeRoute(api, noticeRoutes.chooseByKey, { query, anonymous: true });

interface ChoiceWords {
  readonly name: string;
  readonly what: string;
  /** Before the press on the page that an email's link opens, and after it. */
  readonly asked: string;
  readonly saved: string;
}

export const CHOICES: Readonly<Record<WeeklyChoice, ChoiceWords>> = {
  always: {
    name: 'Every Monday',
    what: 'What needs you, and what went well last week.',
    asked: 'It will come every Monday.',
    saved: 'The weekly email comes every Monday.',
  },
  when_needed: {
    name: 'Only when something needs me',
    what: 'No email in a week without anything to do.',
    asked: 'It will come only when something needs you.',
    saved: 'The weekly email comes only when something needs you.',
  },
  never: {
    name: 'Never',
    what: 'Everything is on the dashboard all the same.',
    asked: 'You will get no more of them. Everything is on the dashboard all the same.',
    saved: 'The weekly email does not come any more.',
  },
};
