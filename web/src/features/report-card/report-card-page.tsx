import { useApi } from '#web/shared/api/api-context.ts';
import { ApiError } from '#web/shared/api/api-error.ts';
import { dayIn } from '#shared/kernel/format.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { useActingAs } from '#web/shared/identity/current-user.tsx';
import { Button, ButtonLink } from '#web/shared/ui/button.tsx';
import { SelectField, useUrlFilters } from '#web/shared/ui/filters.tsx';
import { LoadFailure } from '#web/shared/ui/note.tsx';
import { usePageTitle } from '#web/shared/ui/page.tsx';
import { Empty, Panel, Skeleton } from '#web/shared/ui/panel.tsx';
import { useQuery } from '@tanstack/react-query';
import { FileDown, UserRound } from 'lucide-react';
import { useParams } from 'react-router';
import { CardSheet, cardSubline } from './card-sheet.tsx';
import { CARD_PERIODS, cardPeriodOf, reportCardQuery } from './report-card-api.ts';
import './report-card.css';

/** How one competitor is doing, to talk about with them, and to print. */
export default function ReportCardPage() {
  const { competitorId = '' } = useParams();
  const { timeZone } = useConfig();
  const now = useNow();
  const [params] = useUrlFilters();
  const card = useQuery(
    reportCardQuery(useApi(), useActingAs(), {
      competitorId,
      period: cardPeriodOf(params.get('period')),
      today: dayIn(timeZone, now),
    }),
  );
  usePageTitle('Report card');
  const { data } = card;
  const unknown = card.error instanceof ApiError && card.error.facts.status === 404;
  const name = data && `${data.competitor.firstName} ${data.competitor.lastName}`;
  const head = (
    <div className="page-head">
      <div>
        <h1>{name ?? 'Report card'}</h1>
        <p className="sub">{data ? cardSubline(data) : 'Totals, strengths, solves and Flash CTFs'}</p>
      </div>
      {!unknown && <CardTools competitorId={competitorId} ready={data !== undefined} />}
    </div>
  );
  if (data) return <CardSheet card={data} head={head} withSolves />;
  return (
    <>
      {head}
      {unknown ? (
        <Panel label="Not found">
          <Empty
            kind="never"
            heading="h2"
            title="Competitor not found"
            action={
              <ButtonLink look="primary" to="/competitors">
                Show all competitors
              </ButtonLink>
            }
          >
            The link may be old, or the competitor belongs to another coach.
          </Empty>
        </Panel>
      ) : card.isError ? (
        <LoadFailure
          what="The report card"
          safe="All scores are safe."
          error={card.error}
          retrying={card.isFetching}
          onRetry={() => void card.refetch()}
        />
      ) : (
        <CardSkeleton />
      )}
    </>
  );
}

function CardTools({ competitorId, ready }: { competitorId: string; ready: boolean }) {
  return (
    <fieldset className="tools" aria-label="Report card tools">
      <PeriodField />
      <ButtonLink to={`/competitors/${encodeURIComponent(competitorId)}`}>
        <UserRound size={14} aria-hidden /> Competitor
      </ButtonLink>
      <SaveAsPdf ready={ready} />
    </fieldset>
  );
}

/** What the card covers, kept in the address. */
export function PeriodField() {
  const [params, set] = useUrlFilters();
  const chosen = cardPeriodOf(params.get('period'));
  return (
    <SelectField
      label="Period"
      value={chosen.id}
      onChange={(period) => set({ period: period === CARD_PERIODS[0].id ? null : period })}
      options={CARD_PERIODS.map(({ id, text }) => ({ value: id, text }))}
    />
  );
}

/** Opens the browser's print dialog, which saves as PDF as well. */
export const SaveAsPdf = ({ ready }: { ready: boolean }) => (
  <Button
    look="primary"
    aria-disabled={!ready || undefined}
    onClick={() => {
      if (ready) globalThis.print();
    }}
  >
    <FileDown size={14} aria-hidden /> Save as PDF
  </Button>
);

/** The shape of what comes, as high as it will be. */
export function CardSkeleton() {
  return (
    <div className="card-sheet" aria-busy>
      <output className="sr-only">Loading the report card</output>
      <div className="panel" aria-hidden>
        <div className="card-totals">
          {[1, 2, 3, 4, 5].map((key) => (
            <div key={key} className="grid gap-3">
              <Skeleton width={90} />
              <Skeleton width={72} height={32} />
              <Skeleton width={120} height={10} />
            </div>
          ))}
        </div>
      </div>
      {[1, 2].map((row) => (
        <div key={row} className="card-row" aria-hidden>
          {[1, 2].map((key) => (
            <div key={key} className="panel">
              <div className="panel-body grid content-start gap-4">
                <Skeleton width={140} />
                <Skeleton width="100%" height={290} />
              </div>
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
