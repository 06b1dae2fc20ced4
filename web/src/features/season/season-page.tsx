import { useApi } from '#web/shared/api/api-context.ts';
import { useKeyRing } from '#web/shared/api/idempotency-key.ts';
import { plainDay } from '#shared/kernel/format.ts';
import { coachesQuery } from '#web/shared/identity/coaches.tsx';
import { AdminsOnly, seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import { Button, ButtonLink } from '#web/shared/ui/button.tsx';
import { useUrlFilters } from '#web/shared/ui/filters.tsx';
import { SelectInput, TextInput } from '#web/shared/ui/inputs.tsx';
import { ActFailure } from '#web/shared/ui/note.tsx';
import { usePageTitle } from '#web/shared/ui/page.tsx';
import { Panel } from '#web/shared/ui/panel.tsx';
import { useMutation, useQuery } from '@tanstack/react-query';
import { ArrowRightLeft } from 'lucide-react';
import { useState } from 'react';
import { planRollOver, type RollOverForm } from './season-api.ts';
import { SeasonPlan } from './season-plan.tsx';

/**
 * For admins only: the roll-over to a new season. Three steps: the season and its teams, the plan, the roll-over. The ids
 * of both jobs are in the address (`plan`, `applied`).
 */
export default function SeasonPage() {
  usePageTitle('Season roll-over');
  return seesAllCoaches(useMe()) ? <Season /> : <AdminsOnly page="Season roll-over" what="the roll-over" />;
}

function Season() {
  const [params, setParams] = useUrlFilters();
  const planId = params.get('plan');
  const again = () => setParams({ plan: null, applied: null });
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Season roll-over</h1>
          <p className="sub">
            {planId === null
              ? 'Grades, seniors, teams and releases. You see every change before it is made.'
              : 'Every person and every team, before and after.'}
          </p>
        </div>
        <div className="tools">
          <ButtonLink to="/move">
            <ArrowRightLeft size={14} aria-hidden /> Move competitors
          </ButtonLink>
          {planId !== null && <Button onClick={again}>Make another plan</Button>}
        </div>
      </div>
      {planId === null ? (
        <ChooseSeason onPlanned={(plan) => setParams({ plan, applied: null })} />
      ) : (
        <SeasonPlan
          key={planId}
          planId={planId}
          appliedId={params.get('applied')}
          onApplied={(applied) => setParams({ applied })}
          onAgain={again}
        />
      )}
    </>
  );
}

const TEAMS = [
  { value: 'keep', text: 'Keep: whoever stays in school and division stays on the team' },
  { value: 'empty', text: 'Empty: everyone leaves, the teams keep their names' },
];

/** Step 1: which season, and what becomes of teams. */
function ChooseSeason({ onPlanned }: { onPlanned: (jobId: string) => void }) {
  const api = useApi();
  const keys = useKeyRing();
  const coaches = useQuery(coachesQuery(api));
  const [form, setForm] = useState<RollOverForm>({ coachId: '', seasonStart: '', teams: 'keep' });
  const [tried, setTried] = useState(false);
  const plan = useMutation({
    mutationFn: () => planRollOver(api, form, keys.current()),
    onSuccess: ({ jobId }) => onPlanned(jobId),
    onSettled: (_started, error) => keys.settle(error ?? undefined),
  });
  const lacksDay = form.seasonStart === '' ? 'Choose the first day of the new season.' : undefined;
  const change = (next: Partial<RollOverForm>) => {
    keys.settle();
    setForm({ ...form, ...next });
  };
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <Panel label="The new season">
        <div className="panel-head">
          <div>
            <h2>The new season</h2>
            <p className="as-of">Step 1 of 3. The plan changes nothing.</p>
          </div>
        </div>
        <form
          className="panel-body grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            setTried(true);
            if (lacksDay === undefined && !plan.isPending) plan.mutate();
          }}
        >
          <TextInput
            label="New season starts"
            type="date"
            value={form.seasonStart}
            error={tried ? lacksDay : undefined}
            hint={
              form.seasonStart === ''
                ? 'Releases count from this day on.'
                : `Releases count from ${plainDay(form.seasonStart)} on.`
            }
            onChange={(seasonStart) => change({ seasonStart })}
          />
          <SelectInput
            label="Teams"
            value={form.teams}
            options={TEAMS}
            onChange={(teams) => change({ teams: teams === 'empty' ? 'empty' : 'keep' })}
          />
          <SelectInput
            label="For"
            value={form.coachId}
            options={[
              { value: '', text: 'The whole program' },
              ...(coaches.data ?? []).map((coach) => ({
                value: coach.id,
                text: `${coach.name}, ${coach.school}`,
              })),
            ]}
            hint={
              coaches.isError
                ? 'The coaches could not be loaded; reload the page to choose one.'
                : 'A coach first, the program later, is fine: no one goes up twice for one season.'
            }
            onChange={(coachId) => change({ coachId })}
          />
          {plan.isError && <ActFailure title="No plan was made" error={plan.error} />}
          <div>
            <Button type="submit" look="primary" aria-disabled={plan.isPending || undefined}>
              {plan.isPending ? 'Making the plan' : 'Make the plan'}
            </Button>
          </div>
        </form>
      </Panel>
      <Panel label="What a roll-over does">
        <div className="panel-head">
          <h2>What it does</h2>
        </div>
        <dl className="panel-body grid gap-3.5 text-13">
          {[
            ['Grades', 'Everyone goes up one. From grade 9 on, the division is High School.'],
            ['Last year', 'Grade 12 is archived: no scores are read, figures leave them out, history stays.'],
            ['Releases', 'Those of last season are due again. Until a new one is in, no scores are read.'],
            ['Teams', 'Whoever outgrows a team leaves it. Scores are read once more before that.'],
            ['Undo', 'Archived people can be activated again, one by one. Grades are corrected by hand.'],
          ].map(([name, text]) => (
            <div key={name} className="grid grid-cols-[72px_minmax(0,1fr)] gap-3">
              <dt className="text-muted">{name}</dt>
              <dd className="text-text-2">{text}</dd>
            </div>
          ))}
        </dl>
      </Panel>
    </div>
  );
}
