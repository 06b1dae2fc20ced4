import type { DashboardView } from '#shared/dashboard/contract.ts';
import { count, counted, plural } from '#shared/kernel/format.ts';
import { useAlerts } from '#web/shared/alerts/alerts.ts';
import { seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import { ButtonLink } from '#web/shared/ui/button.tsx';
import { classNames } from '#web/shared/ui/class-names.ts';
import { Panel, SkeletonRows } from '#web/shared/ui/panel.tsx';
import { Check, Plus, Upload } from 'lucide-react';
import type { ReactNode } from 'react';

/** One coach's whole roster, with no account on the platform yet: there is nothing to watch. */
export const isNewcomer = ({ scope, kpis }: DashboardView): boolean =>
  scope.coachId !== null &&
  scope.division === null &&
  (scope.competitors === 0 || (kpis.registered.value ?? 0) === 0);

/** Instead of the figures, for a coach without accounts: nothing can be wrong yet, and three steps change that. */
export function FirstSteps({ scope }: Pick<DashboardView, 'scope'>) {
  const alerts = useAlerts(seesAllCoaches(useMe()) ? scope.coachId : null);
  const people = scope.competitors;
  const about = (causes: readonly string[]): number =>
    new Set(
      (alerts.data?.items ?? [])
        .filter(({ cause }) => causes.includes(cause))
        .flatMap(({ subjectIds }) => subjectIds),
    ).size;
  const ready = about(['ready_to_add']);
  const waiting = about(['release_missing', 'profile_incomplete', 'on_hold']);
  const first = people === 0 ? 1 : waiting > 0 ? 2 : 3;
  return (
    <div className="first-steps">
      <Panel label="First steps" busy={alerts.isPending}>
        <div className="panel-head">
          <h2>Three steps to your first scores</h2>
        </div>
        {alerts.isPending && people > 0 ? (
          <SkeletonRows label="your first steps" rows={3} />
        ) : (
          <ol>
            <Step number={1} state={people === 0 ? 'open' : 'done'} title="Add your competitors">
              {people === 0 ? (
                <>
                  <p>
                    Import the list you already have, or add people one by one. You check every row before it
                    is saved.
                  </p>
                  <Acts>
                    <ButtonLink look="primary" to="/import">
                      <Upload size={14} aria-hidden /> Import a file
                    </ButtonLink>
                    <ButtonLink to="/competitors">
                      <Plus size={14} aria-hidden /> Add one by hand
                    </ButtonLink>
                  </Acts>
                </>
              ) : (
                <>
                  <p>
                    {counted(people, 'competitor')} {plural(people, 'is', 'are')} on your list.
                  </p>
                  <Acts>
                    <ButtonLink small to="/competitors">
                      Add more
                    </ButtonLink>
                  </Acts>
                </>
              )}
            </Step>
            <Step
              number={2}
              state={people === 0 ? 'later' : waiting > 0 ? 'open' : 'done'}
              title="Record the releases"
              aside={people === 0 ? 'Opens once you have added a competitor' : undefined}
            >
              {people > 0 && waiting === 0 ? (
                <p>Nothing is missing.</p>
              ) : (
                <p>
                  Enter one date per competitor: when a guardian signed the media release. We have a reminder
                  you can copy.
                </p>
              )}
              {waiting > 0 && (
                <>
                  <p>
                    {count(waiting)} of {counted(people, 'competitor')} still{' '}
                    {plural(waiting, 'needs', 'need')} something.
                  </p>
                  <Acts>
                    <ButtonLink look={first === 2 ? 'primary' : 'plain'} to="/competitors/go-through">
                      {waiting === 1 ? 'See what is missing' : `Go through the ${count(waiting)}`}
                    </ButtonLink>
                  </Acts>
                </>
              )}
            </Step>
            <Step
              number={3}
              state={ready === 0 ? 'later' : 'open'}
              title="Add them to the Game Platform"
              aside={ready === 0 ? 'Opens once a release is recorded' : undefined}
            >
              <p>
                We create the accounts, and the platform emails each competitor. Its staff approve them by
                hand, usually within two days.
              </p>
              {ready > 0 && (
                <Acts>
                  <ButtonLink look={first === 3 ? 'primary' : 'plain'} to="/competitors?status=compliance">
                    <Plus size={14} aria-hidden /> Add {count(ready)} ready
                  </ButtonLink>
                </Acts>
              )}
            </Step>
          </ol>
        )}
      </Panel>
      {people === 0 && <HaveAtHand />}
    </div>
  );
}

interface StepProps {
  readonly number: number;
  readonly state: 'done' | 'open' | 'later';
  readonly title: string;
  /** What opens it. */
  readonly aside?: string | undefined;
  readonly children: ReactNode;
}

function Step({ number, state, title, aside, children }: StepProps) {
  return (
    <li
      aria-current={state === 'open' ? 'step' : undefined}
      className="flex gap-4 border-t border-line px-4 py-4 sm:px-5"
    >
      <span className={classNames('step-mark', state)}>
        {state === 'done' ? (
          <>
            <Check size={14} aria-hidden />
            <span className="sr-only">Done: </span>
          </>
        ) : (
          <span aria-hidden>{number}</span>
        )}
      </span>
      <div
        className={classNames(
          'grid min-w-0 flex-1 content-start gap-1.5 text-13',
          state === 'later' ? 'text-muted' : 'text-text-2',
        )}
      >
        <h3 className={classNames('text-14 font-medium', state === 'later' ? 'text-text-2' : 'text-text')}>
          {title}
        </h3>
        {children}
        {aside !== undefined && <p className="text-12 text-muted">{aside}</p>}
      </div>
    </li>
  );
}

const Acts = ({ children }: { children: ReactNode }) => (
  <div className="mt-1.5 flex flex-wrap gap-2">{children}</div>
);

const HaveAtHand = () => (
  <Panel label="Have this on hand">
    <div className="panel-head">
      <h2>Have this on hand</h2>
    </div>
    <div className="panel-body grid content-start gap-3 text-13 text-text-2">
      <ul className="list-disc pl-5">
        <li>Name, grade, and email of each competitor</li>
        <li>Guardian’s name and email for anyone under 18</li>
        <li>Signed media releases, or the dates on them</li>
        <li>Team names, if you have teams already</li>
      </ul>
      <p>Something missing? Start anyway. You can fill it in later, and we keep a list of what is open.</p>
    </div>
  </Panel>
);
