import { teamRoutes } from '#shared/teams/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { readRoute } from '#web/shared/api/call-route.ts';
import { counted, dayIn } from '#shared/kernel/format.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { useActingAs } from '#web/shared/identity/current-user.tsx';
import { useUrlFilters } from '#web/shared/ui/filters.tsx';
import { ButtonLink } from '#web/shared/ui/button.tsx';
import { LoadFailure } from '#web/shared/ui/note.tsx';
import { usePageTitle } from '#web/shared/ui/page.tsx';
import { Empty, Panel, Whose } from '#web/shared/ui/panel.tsx';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { CardSheet, cardSubline } from './card-sheet.tsx';
import { cardPeriodOf, reportCardQuery } from './report-card-api.ts';
import { CardSkeleton, PeriodField, SaveAsPdf } from './report-card-page.tsx';
import './report-card.css';

/** The cards of a whole team, one sheet of paper each. */
export default function TeamReportCardsPage() {
  const { teamId = '' } = useParams();
  const api = useApi();
  const actingAs = useActingAs();
  const { timeZone } = useConfig();
  const now = useNow();
  const [params] = useUrlFilters();
  const team = useQuery({
    queryKey: ['report-card-team', actingAs, teamId],
    queryFn: ({ signal }) => readRoute(api, teamRoutes.getTeam, { params: { id: teamId }, signal }),
  });
  const period = cardPeriodOf(params.get('period'));
  const today = dayIn(timeZone, now);
  const members = team.data?.members ?? [];
  const cards = useQueries({
    queries: members.map(({ competitorId }) =>
      reportCardQuery(api, actingAs, { competitorId, period, today }),
    ),
  });
  usePageTitle('Report cards of a team');
  const failed = cards.filter(({ isError }) => isError);
  const loaded = cards.flatMap(({ data }) => data ?? []);
  // All at once: a card that comes late would push those below it away.
  const coming = team.isPending || cards.some(({ isPending }) => isPending);
  const ready = members.length > 0 && loaded.length === members.length;
  const problem = team.error ?? failed[0]?.error;
  const retry = () => {
    if (team.isError) void team.refetch();
    for (const card of failed) void card.refetch();
  };
  return (
    <>
      <div className="page-head screen-only">
        <div>
          <h1>{team.data ? `Report cards of ${team.data.name}` : 'Report cards of a team'}</h1>
          <p className="sub">
            {ready ? counted(loaded.length, 'card') : `${loaded.length} of ${members.length} loaded`}. Each
            one prints on its own page.
          </p>
        </div>
        <fieldset className="tools" aria-label="Report card tools">
          <PeriodField />
          <ButtonLink to={`/teams/${encodeURIComponent(teamId)}`}>Team</ButtonLink>
          <SaveAsPdf ready={ready} />
        </fieldset>
      </div>
      {problem !== undefined && problem !== null && (
        <LoadFailure
          what={team.isError ? 'The team' : counted(failed.length, 'report card')}
          safe="All scores are safe."
          error={problem}
          retrying={cards.some(({ isFetching }) => isFetching)}
          onRetry={retry}
        />
      )}
      {team.data && members.length === 0 && (
        <Panel label="No members">
          <Empty kind="never" heading="h2" title="No one is on this team yet">
            Add members to the team, and their cards show up here.
          </Empty>
        </Panel>
      )}
      {coming && <CardSkeleton />}
      {(coming ? [] : loaded).map((card) => (
        <Whose key={card.competitor.id} value={`${card.competitor.firstName} ${card.competitor.lastName}`}>
          <CardSheet
            card={card}
            head={
              <div className="page-head">
                <div>
                  <h2 className="card-name">
                    {card.competitor.firstName} {card.competitor.lastName}
                  </h2>
                  <p className="sub">{cardSubline(card)}</p>
                </div>
              </div>
            }
          />
        </Whose>
      ))}
    </>
  );
}
