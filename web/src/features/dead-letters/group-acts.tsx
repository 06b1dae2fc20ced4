import type { QueueName } from '#shared/jobs/task-definition.ts';
import type { DeadLetterGroup } from '#shared/dead-letters/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { messageOf } from '#web/shared/api/api-error.ts';
import { useKeyRing, isUndecided } from '#web/shared/api/idempotency-key.ts';
import { count, counted } from '#shared/kernel/format.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { classNames } from '#web/shared/ui/class-names.ts';
import { TextArea, TextInput } from '#web/shared/ui/inputs.tsx';
import { Note } from '#web/shared/ui/note.tsx';
import { showToast } from '#web/shared/ui/toasts.ts';
import { useMutation } from '@tanstack/react-query';
import { Check, Play, Trash2 } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import { discardGroup, redriveGroup } from './dead-letter-api.ts';
import { outlook, RATE_HINT, rateOf, type RedriveInAddress } from './queue-labels.ts';
import { TrialEnd } from './redrive-run.tsx';

interface GroupActsProps {
  readonly queue: QueueName;
  readonly group: DeadLetterGroup;
  readonly run: RedriveInAddress | null;
  readonly onStarted: (run: RedriveInAddress) => void;
  readonly onChanged: () => void;
}

/** Try one, then the group; or discard it with the reason. */
export function GroupActs({ queue, group, run, onStarted, onChanged }: GroupActsProps) {
  const known = group.states.unknown < group.count;
  return (
    <div className="grid gap-3 rounded-2 border border-line bg-surface-2 p-4">
      <h3 className="text-13 font-strong">{known ? 'Redrive from today’s truth' : 'Nothing to redrive'}</h3>
      <p className="text-text-2">{outlook(group)}</p>
      {known && <RedriveSteps queue={queue} group={group} run={run} onStarted={onStarted} />}
      <DiscardForm queue={queue} group={group} onChanged={onChanged} />
    </div>
  );
}

type StepsProps = Omit<GroupActsProps, 'onChanged'>;

function RedriveSteps({ queue, group, run, onStarted }: StepsProps) {
  const api = useApi();
  const keys = useKeyRing();
  const [rate, setRate] = useState('2');
  const [bad, setBad] = useState(false);
  const rateRef = useRef<HTMLInputElement>(null);
  const redrive = useMutation({
    mutationFn: (choice: { readonly trial: boolean; readonly maxPerSecond?: number }) =>
      redriveGroup(api, { queue, cause: group.cause, ...choice, idempotencyKey: keys.current() }),
    onSuccess: ({ jobId }, { trial }) =>
      onStarted({ jobId, cause: group.cause, of: trial ? 1 : group.count, trial }),
    onSettled: (_started, error) => keys.settle(error ?? undefined),
  });
  const start = (trial: boolean) => {
    if (redrive.isPending) return;
    const maxPerSecond = rateOf(rate);
    if (trial) redrive.mutate({ trial });
    else if (maxPerSecond === null) {
      setBad(true);
      rateRef.current?.focus();
    } else redrive.mutate({ trial, maxPerSecond });
  };
  const busy = redrive.isPending || undefined;
  const tried = run?.trial === true;
  return (
    <>
      <ol className="grid gap-3.5">
        <Step number={1} done={tried}>
          <b className="block">Redrive one as a trial</b>
          {tried ? (
            <TrialEnd jobId={run.jobId} />
          ) : (
            <span className="block text-text-2">Exactly one message; see whether it works now.</span>
          )}
          <div className="mt-2">
            <Button
              small
              look={tried ? undefined : 'primary'}
              aria-disabled={busy}
              onClick={() => start(true)}
            >
              <Play size={14} aria-hidden /> {tried ? 'Try another' : 'Try one'}
            </Button>
          </div>
        </Step>
        <Step number={2} done={false}>
          <b className="block">{tried ? 'Redrive the rest of the group' : 'Redrive the group'}</b>
          <span className="block text-text-2">
            All that died of this cause, so many a second. It can be stopped.
          </span>
          <div className="mt-2 flex flex-wrap items-end gap-2.5">
            <div className="w-[130px]">
              <TextInput
                ref={rateRef}
                label="Messages a second"
                inputMode="decimal"
                autoComplete="off"
                value={rate}
                error={bad ? RATE_HINT : undefined}
                onChange={(text) => {
                  setRate(text);
                  setBad(false);
                  keys.settle();
                }}
              />
            </div>
            <Button look={tried ? 'primary' : undefined} aria-disabled={busy} onClick={() => start(false)}>
              {redrive.isPending ? 'Starting' : `Redrive ${count(group.count)}`}
            </Button>
          </div>
        </Step>
      </ol>
      {redrive.isError && <ActFailure what="The redrive was not started" error={redrive.error} />}
    </>
  );
}

function Step({ number, done, children }: { number: number; done: boolean; children: ReactNode }) {
  return (
    <li className="grid grid-cols-[22px_minmax(0,1fr)] gap-2.5">
      <span
        className={classNames(
          'grid size-[22px] place-items-center rounded-full border text-12',
          done ? 'border-ok-line bg-ok-soft text-ok' : 'border-line-control text-text-2',
        )}
        aria-hidden
      >
        {done ? <Check size={12} /> : number}
      </span>
      <div>
        {done && <span className="sr-only">Done: </span>}
        {children}
      </div>
    </li>
  );
}

const REASON_MOST = 500;
const REASON_LEAST = 3;

function DiscardForm({ queue, group, onChanged }: Omit<GroupActsProps, 'onStarted' | 'run'>) {
  const api = useApi();
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const reasonRef = useRef<HTMLTextAreaElement>(null);
  const discard = useMutation({
    mutationFn: () => discardGroup(api, { queue, cause: group.cause, reason }),
    onSuccess: ({ discarded, complete }) => {
      showToast(
        'ok',
        `${counted(discarded, 'dead letter')} discarded`,
        complete ? 'Written to the audit log.' : 'There are more; discard again.',
      );
      onChanged();
    },
  });
  const press = () => {
    if (discard.isPending) return;
    if (reason.trim().length < REASON_LEAST) {
      setMissing(true);
      reasonRef.current?.focus();
    } else discard.mutate();
  };
  return (
    <div className="grid gap-2.5 border-t border-line pt-3">
      <TextArea
        ref={reasonRef}
        label="Discard instead, with a reason"
        placeholder="Why these will never be needed"
        rows={2}
        maxLength={REASON_MOST}
        value={reason}
        error={missing ? 'Say why, for the audit log.' : undefined}
        onChange={(text) => {
          setReason(text);
          setMissing(false);
        }}
      />
      {discard.isError && <ActFailure what="Nothing was discarded" error={discard.error} />}
      <div className="flex flex-wrap items-center justify-between gap-3">
        <span className="text-12 text-muted">Written to the audit log. It cannot be undone.</span>
        <Button look="danger" small aria-disabled={discard.isPending || undefined} onClick={press}>
          <Trash2 size={14} aria-hidden />
          {discard.isPending ? 'Discarding' : `Discard ${count(group.count)}`}
        </Button>
      </div>
    </div>
  );
}

const ActFailure = ({ what, error }: { what: string; error: unknown }) => (
  <Note tone="error" title={isUndecided(error) ? 'No answer yet' : what} said="at once">
    <p>{messageOf(error)} It is safe to try again.</p>
  </Note>
);
