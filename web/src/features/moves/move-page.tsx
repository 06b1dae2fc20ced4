import { useApi } from '#web/shared/api/api-context.ts';
import { useKeyRing } from '#web/shared/api/idempotency-key.ts';
import { counted } from '#shared/kernel/format.ts';
import { coachesQuery } from '#web/shared/identity/coaches.tsx';
import { AdminsOnly, seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import { Button, ButtonLink } from '#web/shared/ui/button.tsx';
import { useUrlFilters } from '#web/shared/ui/filters.tsx';
import { SelectInput } from '#web/shared/ui/inputs.tsx';
import { ActFailure, LoadFailure } from '#web/shared/ui/note.tsx';
import { usePageTitle } from '#web/shared/ui/page.tsx';
import { Panel, SkeletonRows } from '#web/shared/ui/panel.tsx';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'react-router';
import * as z from 'zod';
import { planMove, type Moving } from './move-api.ts';
import { MovePlan } from './move-plan.tsx';

/** Whom the list of competitors sent here; kept in this entry of the history, so that a reload knows them. */
const chosenSchema = z.object({ competitorIds: z.array(z.string()).min(1) });

/**
 * For admins only: competitors to another coach. Three steps: who and where to, the plan, the move. The ids of both jobs
 * are in the address (`plan`, `applied`).
 */
export default function MovePage() {
  usePageTitle('Move competitors');
  return seesAllCoaches(useMe()) ? (
    <Move />
  ) : (
    <AdminsOnly page="Move competitors" what="moves to another coach" />
  );
}

function Move() {
  const [params, setParams] = useUrlFilters();
  const planId = params.get('plan');
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Move competitors to another coach</h1>
          <p className="sub">
            {planId === null
              ? 'You see every change before anything is moved.'
              : 'Accounts, solves, report cards and releases go along.'}
          </p>
        </div>
        <div className="tools">
          {planId === null ? (
            <ButtonLink to="/competitors">Back to competitors</ButtonLink>
          ) : (
            <Button onClick={() => setParams({ plan: null, applied: null })}>Make another plan</Button>
          )}
        </div>
      </div>
      {planId === null ? (
        <ChooseMove onPlanned={(plan) => setParams({ plan, applied: null })} />
      ) : (
        <MovePlan
          key={planId}
          planId={planId}
          appliedId={params.get('applied')}
          onApplied={(applied) => setParams({ applied })}
          onAgain={() => setParams({ plan: null, applied: null })}
        />
      )}
    </>
  );
}

/** Step 1: who, and to whom. */
function ChooseMove({ onPlanned }: { onPlanned: (jobId: string) => void }) {
  const api = useApi();
  const keys = useKeyRing();
  const location = useLocation();
  const [params] = useUrlFilters();
  const coaches = useQuery(coachesQuery(api));
  // Not in the address: a change of it would drop whom the list sent along.
  const [{ from, to }, setCoaches] = useState({ from: params.get('from') ?? '', to: '' });
  const [whole, setWhole] = useState(false);
  const [tried, setTried] = useState(false);
  const chosen = chosenSchema.safeParse(location.state).data?.competitorIds;
  const someone = !whole && chosen !== undefined;
  const moving: Moving = someone ? { competitorIds: chosen } : { fromCoachId: from };
  const plan = useMutation({
    mutationFn: () => planMove(api, { moving, toCoachId: to, idempotencyKey: keys.current() }),
    onSuccess: ({ jobId }) => onPlanned(jobId),
    onSettled: (_started, error) => keys.settle(error ?? undefined),
  });
  const lacks = {
    from: !someone && from === '' ? 'Choose whose list is moved.' : undefined,
    to:
      to === ''
        ? 'Choose who takes them over.'
        : !someone && to === from
          ? 'Choose another coach: they are on this list already.'
          : undefined,
  };
  const options = [
    { value: '', text: 'Choose a coach' },
    ...(coaches.data ?? []).map((coach) => ({ value: coach.id, text: `${coach.name}, ${coach.school}` })),
  ];
  const choose = (change: { readonly from: string } | { readonly to: string }) => {
    keys.settle();
    setCoaches({ from, to, ...change });
  };
  if (coaches.isPending)
    return (
      <Panel label="Who moves" busy>
        <SkeletonRows label="the coaches" rows={4} />
      </Panel>
    );
  if (coaches.isError)
    return (
      <LoadFailure
        what="The coaches"
        safe="Nothing was moved."
        error={coaches.error}
        retrying={coaches.isFetching}
        onRetry={() => void coaches.refetch()}
      />
    );
  return (
    <Panel label="Who moves">
      <div className="panel-head">
        <div>
          <h2>Who moves, and to whom</h2>
          <p className="as-of">Step 1 of 3. The plan changes nothing.</p>
        </div>
      </div>
      <form
        className="panel-body grid max-w-[560px] gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (lacks.from === undefined && lacks.to === undefined && !plan.isPending) plan.mutate();
        }}
      >
        {someone ? (
          <p className="flex flex-wrap items-center gap-3 text-13 text-text-2">
            <span>
              <b className="text-text">{counted(chosen.length, 'competitor')}</b> that you selected
            </span>
            <Button small look="ghost" onClick={() => setWhole(true)}>
              Move a whole list instead
            </Button>
          </p>
        ) : (
          <SelectInput
            label="Everyone of"
            value={from}
            options={options}
            error={tried ? lacks.from : undefined}
            hint="For some of them, select them under Competitors and press “Move to a coach”."
            onChange={(value) => choose({ from: value })}
          />
        )}
        <SelectInput
          label="To"
          value={to}
          options={options}
          error={tried ? lacks.to : undefined}
          onChange={(value) => choose({ to: value })}
        />
        {plan.isError && <ActFailure title="No plan was made" error={plan.error} />}
        <div>
          <Button type="submit" look="primary" aria-disabled={plan.isPending || undefined}>
            {plan.isPending ? 'Making the plan' : 'Make the plan'}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
