import type { RosterPlanView } from '#shared/teams/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { messageOf } from '#web/shared/api/api-error.ts';
import { isUndecided } from '#web/shared/api/idempotency-key.ts';
import { saveCsv } from '#web/shared/api/save-file.ts';
import { age, counted, moment } from '#shared/kernel/format.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { AdminsOnly, seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import { Button } from '#web/shared/ui/button.tsx';
import { LoadFailure, Note } from '#web/shared/ui/note.tsx';
import { usePageTitle } from '#web/shared/ui/page.tsx';
import { Empty, Panel, SkeletonRows } from '#web/shared/ui/panel.tsx';
import { showToast } from '#web/shared/ui/toasts.ts';
import { useQuery } from '@tanstack/react-query';
import { Download, RefreshCw } from 'lucide-react';
import { failureLabel, underWayLabel } from './comparison-labels.ts';
import { ConfirmCard } from './confirm-card.tsx';
import { FoldedRows } from './folded-rows.tsx';
import { leftOut, planCsv } from './plan-csv.ts';
import { planNote, pollPlanEvery } from './plan-labels.ts';
import { Guards, PlanCounts } from './plan-summary.tsx';
import { Removals } from './removals.tsx';
import { rosterPlanQuery } from './roster-plan-query.ts';
import { type Comparison, useComparison, useDrawUp } from './use-comparison.ts';
import './roster-plan.css';

/** For admins only: where the platform's teams differ from ours, and what would put it right. */
export default function RosterPlanPage() {
  usePageTitle('Roster plan');
  return seesAllCoaches(useMe()) ? <RosterPlan /> : <AdminsOnly page="Roster plan" what="the roster plan" />;
}

function RosterPlan() {
  const query = useQuery({
    ...rosterPlanQuery(useApi()),
    refetchInterval: ({ state }) => pollPlanEvery(state.data, Date.now()),
  });
  const { comparison, follow } = useComparison();
  const drawUp = useDrawUp((jobId) => follow(jobId, 'draw'));
  const plan = query.data;
  const busy = drawUp.isPending || comparison.underWay;
  const draw = () => {
    if (!busy) drawUp.mutate();
  };
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Roster plan</h1>
          <p className="sub">{plan ? <DrawnLabel plan={plan} /> : 'Our teams against the platform’s'}</p>
        </div>
        <div className="tools">
          {plan && <CsvButton plan={plan} />}
          {plan && (
            <Button aria-disabled={busy || undefined} onClick={draw}>
              <RefreshCw size={14} aria-hidden /> {busy ? 'Comparing' : 'Compare again'}
            </Button>
          )}
        </div>
      </div>
      <RunState comparison={comparison} plan={plan ?? null} />
      {drawUp.isError && (
        <Note
          tone="error"
          title={isUndecided(drawUp.error) ? 'No answer yet' : 'The comparison was not started'}
          said="at once"
        >
          <p>{messageOf(drawUp.error)} It is safe to try again.</p>
        </Note>
      )}
      {query.isError && (
        <LoadFailure
          what={plan === undefined ? 'The roster plan' : 'The newest state of the plan'}
          safe="Looking at it changes nothing."
          error={query.error}
          retrying={query.isFetching}
          onRetry={() => void query.refetch()}
        />
      )}
      {query.isPending && (
        <Panel label="Roster plan" busy>
          <SkeletonRows label="the roster plan" rows={8} />
        </Panel>
      )}
      {plan === null && (
        <Panel label="Roster plan">
          <Empty
            kind="never"
            heading="h2"
            title="No plan yet"
            action={
              <Button look="primary" aria-disabled={busy || undefined} onClick={draw}>
                {busy ? 'Comparing' : 'Compare now'}
              </Button>
            }
          >
            A plan compares everyone’s team here with the platform’s list, in one call. Comparing changes
            nothing. Every removal is listed before anyone is affected.
          </Empty>
        </Panel>
      )}
      {plan && <Plan plan={plan} onConfirming={(jobId) => follow(jobId, 'confirm')} onDrawUp={draw} />}
    </>
  );
}

function DrawnLabel({ plan }: { plan: RosterPlanView }) {
  const { timeZone } = useConfig();
  const now = useNow();
  return (
    <>
      Compared {moment(plan.drawnAt, timeZone, now)}, {age(plan.drawnAt, now)}, from{' '}
      {counted(plan.assignmentsThere, 'assignment')} in one call
      {plan.dryRun ? '; a trial, nothing applied' : ''}
    </>
  );
}

interface PlanProps {
  readonly plan: RosterPlanView;
  readonly onConfirming: (jobId: string) => void;
  readonly onDrawUp: () => void;
}

function Plan({ plan, onConfirming, onDrawUp }: PlanProps) {
  const { tone, title, text } = planNote(plan);
  return (
    <>
      <Note tone={tone} title={title}>
        <p>{text}</p>
      </Note>
      <PlanCounts plan={plan} />
      <div className="plan-grid">
        <Guards guards={plan.guards} />
        <Panel label="Changes" className="plan-changes">
          <Removals key={plan.id} plan={plan} />
          <FoldedRows plan={plan} />
        </Panel>
        <ConfirmCard key={`confirm ${plan.id}`} plan={plan} onStarted={onConfirming} onDrawUp={onDrawUp} />
      </div>
    </>
  );
}

/** The run under way, with how far it is; or why the last one came to nothing. */
function RunState({ comparison, plan }: { comparison: Comparison; plan: RosterPlanView | null }) {
  const { job, purpose, underWay } = comparison;
  const failure = underWay ? null : failureLabel(job, purpose, plan);
  return (
    <>
      <output className="flex flex-wrap items-center gap-3 text-13 text-text-2 empty:hidden">
        {underWay && (
          <>
            <span>{underWayLabel(job, purpose)}</span>
            {job && job.progress.total > 1 && (
              <progress
                className="meter"
                aria-label="Progress"
                value={job.progress.done}
                max={job.progress.total}
              />
            )}
          </>
        )}
      </output>
      {failure && (
        <Note tone="error" title={failure.title} said="at once">
          <p>{failure.text}</p>
        </Note>
      )}
    </>
  );
}

function CsvButton({ plan }: { plan: RosterPlanView }) {
  const save = () => {
    saveCsv(planCsv(plan), `roster-plan-${plan.id}.csv`);
    const missing = leftOut(plan);
    if (missing > 0)
      showToast(
        'ok',
        'The file contains what the page lists',
        `${counted(missing, 'line')} of the plan are left out.`,
      );
  };
  return (
    <Button onClick={save}>
      <Download size={14} aria-hidden /> CSV
    </Button>
  );
}
