import type { RosterPlanView } from '#shared/teams/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { useKeyRing } from '#web/shared/api/idempotency-key.ts';
import { count, counted, moment } from '#shared/kernel/format.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { useMe } from '#web/shared/identity/current-user.tsx';
import { Button } from '#web/shared/ui/button.tsx';
import { TextArea, TextInput } from '#web/shared/ui/inputs.tsx';
import { Note } from '#web/shared/ui/note.tsx';
import { Panel } from '#web/shared/ui/panel.tsx';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useRef, useState } from 'react';
import {
  choicesOf,
  confirmationOf,
  type ConfirmForm,
  formHint,
  type Missing,
  missingFor,
  REASON_MOST,
  refusalOf,
  type Scope,
} from './confirm-labels.ts';
import { confirmRosterPlan } from './roster-plan-api.ts';
import { ROSTER_PLAN_KEY } from './roster-plan-query.ts';

interface ConfirmCardProps {
  readonly plan: RosterPlanView;
  readonly onStarted: (jobId: string) => void;
  readonly onDrawUp: () => void;
}

/** The answer of an admin: a reason, the number of removals typed again, and as much of the plan as is wanted. */
export const ConfirmCard = (props: ConfirmCardProps) => (
  <Panel label="Confirm" className="plan-confirm">
    <div className="panel-head">
      <h2>Confirm</h2>
    </div>
    <div className="panel-body grid content-start gap-4">
      {props.plan.confirmed !== null && <Confirmed plan={props.plan} />}
      {choicesOf(props.plan.confirmable).length > 0 ? (
        <ConfirmForm {...props} />
      ) : (
        props.plan.confirmed === null && (
          <p className="text-13 text-text-2">Nothing in this plan waits for an answer.</p>
        )
      )}
    </div>
  </Panel>
);

function ConfirmForm({ plan, onStarted, onDrawUp }: ConfirmCardProps) {
  const api = useApi();
  const queries = useQueryClient();
  const hintId = useId();
  const keys = useKeyRing();
  const [form, setForm] = useState<ConfirmForm>({ reason: '', removals: '' });
  const [missing, setMissing] = useState<Missing>({});
  const reasonRef = useRef<HTMLTextAreaElement>(null);
  const removalsRef = useRef<HTMLInputElement>(null);
  const choices = choicesOf(plan.confirmable);
  const confirm = useMutation({
    mutationFn: (scope: Scope) =>
      confirmRosterPlan(api, {
        planId: plan.id,
        body: confirmationOf(scope, form, plan.removals),
        idempotencyKey: keys.current(),
      }),
    onSuccess: ({ jobId }) => {
      setForm({ reason: '', removals: '' });
      onStarted(jobId);
    },
    // Whatever the answer: what the page shows may be older than what the server knows.
    onSettled: (_started, error) => {
      keys.settle(error ?? undefined);
      void queries.invalidateQueries({ queryKey: ROSTER_PLAN_KEY });
    },
  });
  const change = (next: ConfirmForm) => {
    setForm(next);
    setMissing({});
    // Another reason or number is another answer.
    keys.settle();
  };
  const press = (scope: Scope) => {
    if (confirm.isPending) return;
    const lacks = missingFor(scope, form, plan.removals);
    setMissing(lacks);
    if (lacks.reason !== undefined) reasonRef.current?.focus();
    else if (lacks.removals !== undefined) removalsRef.current?.focus();
    else confirm.mutate(scope);
  };
  const asksNumber = choices.some(({ scope }) => scope === 'all') && plan.removals > 0;
  const hint = formHint(choices, form, plan.removals);
  const refusal = confirm.isError ? refusalOf(confirm.error) : null;
  return (
    <div className="grid gap-4">
      <p className="text-13 text-text-2">
        Changes {counted(choices.at(-1)?.rows ?? 0, 'assignment')} of {count(plan.assignmentsThere)}.{' '}
        {plan.removals > 0 && `${counted(plan.removals, 'person is', 'people are')} taken off a team.`}
      </p>
      <TextArea
        ref={reasonRef}
        label="Reason, for the audit log"
        placeholder="Who told you, and when?"
        maxLength={REASON_MOST}
        value={form.reason}
        error={missing.reason}
        onChange={(reason) => change({ ...form, reason })}
      />
      {asksNumber && (
        <TextInput
          ref={removalsRef}
          label={`Type ${count(plan.removals)} to confirm all removals`}
          inputMode="numeric"
          autoComplete="off"
          value={form.removals}
          error={missing.removals}
          onChange={(removals) => change({ ...form, removals })}
        />
      )}
      {refusal && (
        <Note tone="error" title={refusal.title} said="at once">
          <p>{refusal.text}</p>
          {refusal.again && (
            <Button small className="mt-2.5" onClick={onDrawUp}>
              Compare again
            </Button>
          )}
        </Note>
      )}
      <div className="grid gap-2">
        {choices.map(({ scope, text }, index) => {
          const lacks = Object.keys(missingFor(scope, form, plan.removals)).length > 0;
          return (
            <Button
              key={scope}
              look={scope === 'all' ? 'danger' : index === 0 ? 'primary' : 'plain'}
              aria-disabled={lacks || confirm.isPending || undefined}
              aria-describedby={hint === null ? undefined : hintId}
              onClick={() => press(scope)}
            >
              {confirm.isPending && confirm.variables === scope ? 'Confirming' : text}
            </Button>
          );
        })}
        <p id={hintId} className="text-12 text-text-2 empty:hidden">
          {hint}
        </p>
      </div>
      <p className="text-12 text-muted">
        Solves and totals are stored before the first removal call. What a coach sees as history stays. A row
        whose roster was edited since is left alone.
      </p>
    </div>
  );
}

function Confirmed({ plan: { confirmed } }: { plan: RosterPlanView }) {
  const { timeZone } = useConfig();
  const now = useNow();
  const { sub } = useMe();
  if (confirmed === null) return null;
  return (
    <Note
      tone="ok"
      title={confirmed.scope === 'all' ? 'All of it is confirmed' : 'The safe part is confirmed'}
    >
      <p>
        {moment(confirmed.at, timeZone, now)}, by {confirmed.by === sub ? 'you' : confirmed.by}:{' '}
        {confirmed.reason}
      </p>
    </Note>
  );
}
