import { useAlerts, useAlertsAgain } from '#web/shared/alerts/alerts.ts';
import { counted } from '#shared/kernel/format.ts';
import { seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import { useAllCompetitors } from '#web/shared/roster/competitors.ts';
import { Button, ButtonLink } from '#web/shared/ui/button.tsx';
import { classNames } from '#web/shared/ui/class-names.ts';
import { useUrlFilters } from '#web/shared/ui/filters.tsx';
import { LoadFailure } from '#web/shared/ui/note.tsx';
import { usePageTitle } from '#web/shared/ui/page.tsx';
import { Empty, Panel, SkeletonRows } from '#web/shared/ui/panel.tsx';
import { Check, Circle, Mail, SkipForward } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { JustDone, type SavedField } from './just-done.tsx';
import { PersonStep } from './person-step.tsx';
import { ReminderDialog } from '../reminder-dialog.tsx';
import { nextStep, STEP_NAMES, stepsOf, type Step } from './queue.ts';

type Outcome = 'done' | 'skipped';

/** One person, the one field or button that is missing, next, done. Each is saved as it is done. */
export default function GoThroughPage() {
  usePageTitle('Go through them');
  const me = useMe();
  const [params] = useUrlFilters();
  const coachId = seesAllCoaches(me) ? params.get('coach') : null;
  const alerts = useAlerts(coachId);
  const { list, loaded } = useAllCompetitors(coachId);
  const again = useAlertsAgain();
  const [queue, setQueue] = useState<readonly Step[] | null>(null);
  const [settled, setSettled] = useState<ReadonlyMap<string, Outcome>>(new Map());
  /** Whom somebody went back to; null: whoever is next. */
  const [backAt, setBackAt] = useState<string | null>(null);
  const [last, setLast] = useState<SavedField | null>(null);
  const [reminding, setReminding] = useState(false);
  // The queue is what was open when it began: nobody comes or goes while somebody works through it.
  if (queue === null && alerts.data && alerts.isFetchedAfterMount) {
    setQueue(stepsOf(alerts.data.items, params.get('cause')));
  }
  const step =
    queue === null
      ? null
      : (queue.find(({ competitorId }) => competitorId === backAt) ?? nextStep(queue, settled));
  const person = loaded?.find(({ id }) => id === step?.competitorId);
  const settle = (outcome: Outcome) => {
    if (step === null) return;
    setSettled(new Map([...without(settled, step.competitorId), [step.competitorId, outcome]]));
    setBackAt(null);
    if (outcome === 'skipped') setLast(null);
    void again();
  };
  const goBackTo = (id: string) => {
    setSettled(without(settled, id));
    setBackAt(id);
  };
  const nameOf = (id: string): string => {
    const one = loaded?.find((competitor) => competitor.id === id);
    return one === undefined ? '' : `${one.firstName} ${one.lastName}`;
  };
  const previous = [...settled.keys()].at(-1);
  const justDone = (
    <JustDone
      key={last?.saved.version}
      last={last}
      previousName={previous === undefined ? null : nameOf(previous)}
      onUndone={(id) => {
        setLast(null);
        goBackTo(id);
        void again();
      }}
      onBack={() => {
        if (previous !== undefined) goBackTo(previous);
      }}
    />
  );
  const unsigned = queue?.filter(({ cause }) => cause === 'release_missing').length ?? 0;
  const failed = alerts.error ?? list.error;
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Go through them</h1>
          <p className="sub">
            {queue === null
              ? 'Everyone who needs something from you'
              : `${counted(queue.length, 'competitor')} ${queue.length === 1 ? 'needs' : 'need'} something from you. You can stop at any time. Each one is saved as you go.`}
          </p>
        </div>
        <div className="tools">
          {unsigned > 0 && (
            <Button onClick={() => setReminding(true)}>
              <Mail size={14} aria-hidden /> Reminder for guardians
            </Button>
          )}
          <ButtonLink look="ghost" to="/">
            Stop here
          </ButtonLink>
        </div>
      </div>
      {failed !== null && (queue === null || loaded === undefined) ? (
        <LoadFailure
          what="The queue"
          safe="Nothing was changed."
          error={failed}
          retrying={alerts.isFetching || list.isFetching}
          onRetry={() => void Promise.all([alerts.refetch(), list.refetch()])}
        />
      ) : queue === null || loaded === undefined || (step !== null && !person && list.hasNextPage) ? (
        <Panel label="Queue" busy>
          <SkeletonRows label="the queue" rows={6} />
        </Panel>
      ) : queue.length === 0 ? (
        <Panel label="Queue">
          <Empty
            kind="never"
            heading="h2"
            title="No one needs you right now"
            action={<ButtonLink to="/">Go to the dashboard</ButtonLink>}
          >
            When someone is missing a release or an account, they show up here one by one.
          </Empty>
        </Panel>
      ) : (
        <div className="grid items-start gap-[var(--gutter)] min-[1181px]:grid-cols-[minmax(0,1fr)_420px]">
          {step === null ? (
            <Finished queue={queue} settled={settled} onAgain={() => setSettled(onlyDone(settled))}>
              {justDone}
            </Finished>
          ) : (
            <Panel label="Queue">
              <Progress queue={queue} settled={settled} />
              {justDone}
              {person === undefined ? (
                <Gone onSkip={() => settle('skipped')} />
              ) : (
                <PersonStep
                  key={person.id}
                  person={person}
                  cause={step.cause}
                  onDone={() => settle('done')}
                  onSkip={() => settle('skipped')}
                  onSaved={setLast}
                />
              )}
            </Panel>
          )}
          <Panel label="Everyone in the queue">
            <div className="panel-head">
              <h2 className="!text-16">Your list</h2>
              <p className="as-of">
                {settled.size} of {queue.length} done
              </p>
            </div>
            <ol>
              {queue.map(({ competitorId, cause }) => (
                <li
                  key={competitorId}
                  aria-current={competitorId === step?.competitorId ? 'step' : undefined}
                  className={classNames(
                    'flex items-center gap-3 border-t border-line px-4 py-2.5 text-13 sm:px-5',
                    competitorId === step?.competitorId && 'bg-surface-2',
                  )}
                >
                  <OutcomeIcon outcome={settled.get(competitorId)} />
                  <span>
                    {nameOf(competitorId)}
                    <span className="block text-12 text-muted">{STEP_NAMES[cause]}</span>
                  </span>
                </li>
              ))}
            </ol>
          </Panel>
        </div>
      )}
      {reminding && <ReminderDialog count={unsigned} coach={me.coach} onClose={() => setReminding(false)} />}
    </>
  );
}

const without = (settled: ReadonlyMap<string, Outcome>, id: string): ReadonlyMap<string, Outcome> =>
  new Map([...settled].filter(([one]) => one !== id));

const onlyDone = (settled: ReadonlyMap<string, Outcome>): ReadonlyMap<string, Outcome> =>
  new Map([...settled].filter(([, outcome]) => outcome === 'done'));

const OUTCOMES = {
  done: { Icon: Check, text: 'Done' },
  skipped: { Icon: SkipForward, text: 'Skipped' },
  open: { Icon: Circle, text: 'To do' },
} as const;

function OutcomeIcon({ outcome = 'open' }: { outcome: Outcome | undefined | 'open' }) {
  const { Icon, text } = OUTCOMES[outcome];
  return (
    <>
      <Icon size={16} className="shrink-0 text-muted" aria-hidden />
      <span className="sr-only">{text}: </span>
    </>
  );
}

function Progress({ queue, settled }: { queue: readonly Step[]; settled: ReadonlyMap<string, Outcome> }) {
  return (
    <div className="panel-head">
      <output className="text-13">
        {settled.size + 1} of {queue.length}
      </output>
      <progress
        className="meter wide flex-1"
        aria-label="How far you are"
        value={settled.size}
        max={queue.length}
      />
    </div>
  );
}

/** Erased or moved to another coach since the queue began. */
const Gone = ({ onSkip }: { onSkip: () => void }) => (
  <Empty
    kind="never"
    heading="h2"
    title="No longer on your list"
    action={<Button onClick={onSkip}>Next</Button>}
  >
    Someone else changed this competitor in the meantime.
  </Empty>
);

function Finished({
  queue,
  settled,
  onAgain,
  children,
}: {
  queue: readonly Step[];
  settled: ReadonlyMap<string, Outcome>;
  onAgain: () => void;
  children: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const done = [...settled.values()].filter((outcome) => outcome === 'done').length;
  const skipped = queue.length - done;
  return (
    <Panel label="Queue">
      {children}
      <div className="panel-body grid content-start gap-4">
        <h2 ref={heading} tabIndex={-1} className="!text-20">
          {done} done, {skipped} skipped
        </h2>
        <p className="text-13 text-text-2">
          {skipped === 0
            ? 'That was everyone. Anyone who is now ready to add is on your dashboard.'
            : 'Anyone you skipped stays on your list and comes up next time.'}
        </p>
        <div className="flex flex-wrap gap-2">
          <ButtonLink look="primary" to="/">
            Back to dashboard
          </ButtonLink>
          {skipped > 0 && <Button onClick={onAgain}>Go through skipped ones</Button>}
        </div>
      </div>
    </Panel>
  );
}
