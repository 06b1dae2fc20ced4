import type { CompetitorRow } from '#shared/competitors/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { ApiError } from '#web/shared/api/api-error.ts';
import { useFreshnessBar } from '#web/shared/freshness/freshness-bar.ts';
import { seesAllCoaches, useActingAs, useMe } from '#web/shared/identity/current-user.tsx';
import { AccountActs } from '#web/shared/roster/account-actions.tsx';
import { Chain } from '#web/shared/roster/chain.tsx';
import { competitorQuery } from '#web/shared/roster/competitors.ts';
import { ReportCardLink } from '#web/shared/roster/report-card-link.tsx';
import { Button, ButtonLink } from '#web/shared/ui/button.tsx';
import { classNames } from '#web/shared/ui/class-names.ts';
import { useEscape } from '#web/shared/ui/dialog.tsx';
import { LoadFailure } from '#web/shared/ui/note.tsx';
import { Empty, freshnessBarProps, SkeletonRows } from '#web/shared/ui/panel.tsx';
import { ScrollRegion } from '#web/shared/ui/table.tsx';
import { useQuery } from '@tanstack/react-query';
import { ArrowLeft, Eye, Pencil, ScrollText, Trash2, X } from 'lucide-react';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { AddToPlatform } from './add-to-platform.tsx';
import { CompetitorDialog } from './competitor-dialog.tsx';
import { CompetitorFacts } from './competitor-facts.tsx';
import { OnHoldNote, TakeReleaseBack } from './consent-note.tsx';
import { DeleteCompetitorDialog } from './delete-competitor-dialog.tsx';
import { RefusalNote } from './refusal-note.tsx';
import { TeamField } from './team-field.tsx';

interface CompetitorPanelProps {
  readonly id: string;
  /** The competitor as the list has it, shown until the record itself is there. */
  readonly known: CompetitorRow | undefined;
  readonly onClose: () => void;
}

/** One competitor: why this one is or is not syncing, and what to press. */
export function CompetitorPanel({ id, known, onClose }: CompetitorPanelProps) {
  const record = useQuery(competitorQuery(useApi(), useActingAs(), id));
  const competitor = newer(record.data, known);
  const whole = record.data;
  // The list has heard of a change first.
  const outdated = whole !== undefined && competitor !== undefined && competitor.version > whole.version;
  const readAgain = useEffectEvent(() => void record.refetch());
  useEffect(() => {
    if (outdated) readAgain();
  }, [outdated]);
  useEscape(onClose);
  const admin = seesAllCoaches(useMe());
  const heading = useRef<HTMLHeadingElement>(null);
  const [editing, setEditing] = useState(false);
  const [erasing, setErasing] = useState(false);
  useEffect(() => heading.current?.focus({ preventScroll: false }), []);
  const unknown = record.error instanceof ApiError && record.error.facts.status === 404;
  const freshnessBar = freshnessBarProps(useFreshnessBar());
  return (
    <aside
      className={classNames('panel beside', freshnessBar.className)}
      style={freshnessBar.style}
      aria-label="Competitor details"
    >
      <div className="panel-head">
        <Button small look="ghost" className="lg:hidden -ml-2.5" onClick={onClose}>
          <ArrowLeft size={14} aria-hidden /> All competitors
        </Button>
        <div className="w-full min-w-0 flex-1 max-lg:basis-full max-lg:order-last">
          <h2 ref={heading} tabIndex={-1} className="!text-16">
            {competitor
              ? `${competitor.firstName} ${competitor.lastName}`
              : unknown
                ? 'Not found'
                : 'Loading'}
          </h2>
          {competitor && <p className="as-of">{placeOf(competitor)}</p>}
        </div>
        <div className="end">
          {competitor && !unknown && (
            <ReportCardLink competitorId={id} name={`${competitor.firstName} ${competitor.lastName}`} />
          )}
          {whole && !unknown && (
            <Button small onClick={() => setEditing(true)}>
              <Pencil size={14} aria-hidden /> Edit
            </Button>
          )}
          <Button
            small
            look="ghost"
            iconOnly
            className="max-lg:hidden"
            aria-label="Close details"
            onClick={onClose}
          >
            <X size={16} aria-hidden />
          </Button>
        </div>
      </div>
      {unknown ? (
        <Empty
          kind="never"
          title="Competitor not found"
          action={<Button onClick={onClose}>Show all competitors</Button>}
        >
          The link may be old, or the competitor belongs to another coach.
        </Empty>
      ) : (
        record.isError && (
          <div className="panel-body flex-none">
            <LoadFailure
              what={competitor ? 'The newest state' : 'This competitor'}
              error={record.error}
              retrying={record.isFetching}
              onRetry={() => void record.refetch()}
            />
          </div>
        )
      )}
      {competitor && !unknown ? (
        <ScrollRegion
          label="State and profile"
          className="panel-body grid flex-initial content-start gap-5 overflow-auto max-lg:overflow-visible"
        >
          {whole && <OnHoldNote competitor={whole} />}
          <RefusalNote competitor={competitor} onEdit={() => setEditing(true)} />
          <AddToPlatform competitor={competitor} />
          <AccountActs competitor={competitor} />
          <Chain chain={competitor.chain} lastRead={competitor.lastRead} />
          <TeamField key={competitor.team?.id} competitor={competitor} />
          {whole ? (
            <CompetitorFacts competitor={whole} />
          ) : (
            record.isPending && <SkeletonRows label="the profile" rows={4} />
          )}
          <div className="flex flex-wrap gap-2 border-t border-line pt-4">
            {whole && <TakeReleaseBack competitor={whole} />}
            <Button small onClick={() => setErasing(true)}>
              <Trash2 size={14} aria-hidden /> Erase competitor
            </Button>
            {admin && <LogLinks id={id} />}
          </div>
        </ScrollRegion>
      ) : (
        record.isPending && <SkeletonRows label="the competitor" rows={5} />
      )}
      {editing && whole && (
        <CompetitorDialog
          competitor={whole}
          coachId={null}
          onClose={() => setEditing(false)}
          onSaved={() => setEditing(false)}
        />
      )}
      {erasing && competitor && (
        <DeleteCompetitorDialog competitor={competitor} onClose={() => setErasing(false)} onGone={onClose} />
      )}
    </aside>
  );
}

/** What was done about a competitor, and who looked at them. */
const LogLinks = ({ id }: { id: string }) => (
  <>
    <ButtonLink small look="ghost" to={`/audit?action=change&subject=${encodeURIComponent(id)}`}>
      <ScrollText size={14} aria-hidden /> Changes
    </ButtonLink>
    <ButtonLink small look="ghost" to={`/audit?action=read&subject=${encodeURIComponent(id)}`}>
      <Eye size={14} aria-hidden /> Who opened this
    </ButtonLink>
  </>
);

/** The list and the record are read apart: the later version wins. */
const newer = (
  record: CompetitorRow | undefined,
  known: CompetitorRow | undefined,
): CompetitorRow | undefined =>
  record !== undefined && (known === undefined || record.version >= known.version) ? record : known;

const placeOf = ({ grade, team }: CompetitorRow): string =>
  `${grade === null ? 'Grade not known' : `Grade ${grade}`}, ${team?.name ?? 'no team'}`;
