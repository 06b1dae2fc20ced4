import { addDays } from '#shared/kernel/days.ts';
import { reportCardRoutes } from '#shared/report-card/contract.ts';
import { readRoute } from '#web/shared/api/call-route.ts';
import type { ApiClient } from '#web/shared/api/client.ts';
import { queryOptions } from '@tanstack/react-query';

export const CARD_PERIODS = [
  { id: 'last-90', text: 'Last 90 days', days: 90 },
  { id: 'last-30', text: 'Last 30 days', days: 30 },
  { id: 'last-365', text: 'Last 12 months', days: 365 },
] as const;
type CardPeriod = (typeof CARD_PERIODS)[number];

export const cardPeriodOf = (id: string | null): CardPeriod =>
  CARD_PERIODS.find((period) => period.id === id) ?? CARD_PERIODS[0];

interface CardFilters {
  readonly competitorId: string;
  readonly period: CardPeriod;
  /** The program's day, `YYYY-MM-DD`. */
  readonly today: string;
}

/** `GET /api/game-platform/competitors/{id}/report-card`. Not read again by itself: each read is noted. */
export const reportCardQuery = (
  api: ApiClient,
  actingAs: string | null,
  { competitorId, period, today }: CardFilters,
) =>
  queryOptions({
    queryKey: ['report-card', actingAs, competitorId, period.id, today],
    queryFn: ({ signal }) =>
      readRoute(api, reportCardRoutes.getReportCard, {
        params: { id: competitorId },
        query: { from: addDays(today, 1 - period.days), to: today },
        signal,
      }),
    staleTime: 5 * 60_000,
  });
