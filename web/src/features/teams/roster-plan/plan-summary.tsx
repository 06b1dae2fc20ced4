import type { RosterPlanView } from '#shared/teams/contract.ts';
import { count } from '#shared/kernel/format.ts';
import { classNames } from '#web/shared/ui/class-names.ts';
import { Badge } from '#web/shared/ui/badge.tsx';
import { Figures } from '#web/shared/ui/figures.tsx';
import { Fold, Panel } from '#web/shared/ui/panel.tsx';
import { Check, Clock, Info, Minus, OctagonAlert } from 'lucide-react';
import { GUARD_NAMES, guardsApart, guardsSummary, removalReasons, stateLabel } from './plan-labels.ts';

/** The plan in numbers. */
export function PlanCounts({ plan: { counts, rows } }: { plan: RosterPlanView }) {
  const figures = [
    { name: 'Add', value: counts.add, note: 'missing on the platform' },
    { name: 'Move', value: counts.move, note: 'in the wrong team' },
    { name: 'Remove', value: counts.remove, note: removalReasons(rows) },
    {
      name: 'Matches',
      value: counts.inStep,
      note: counts.underway === 0 ? 'nothing to do' : `and ${count(counts.underway)} on the way anyway`,
    },
    { name: 'Unknown users', value: counts.unknownUsers, note: 'reported, never touched' },
  ];
  return <Figures label="The plan in numbers" figures={figures} />;
}

const LOOKS = {
  passed: { icon: Check, className: 'text-ok', word: 'passed' },
  stopped: { icon: OctagonAlert, className: 'text-error', word: 'stopped the plan' },
  waiting: { icon: Clock, className: 'text-pending', word: 'waits' },
  noted: { icon: Info, className: 'text-text-2', word: 'to know' },
} as const;

type Lines = RosterPlanView['guards'];

/** What the plan was held against: what found something, then what passed, folded. */
export function Guards({ guards }: { guards: Lines }) {
  const { telling, passed } = guardsApart(guards);
  return (
    <Panel label="Guards" className="plan-guards">
      <div className="panel-head">
        <h2>Guards</h2>
        <span className="as-of">{guardsSummary(guards)}</span>
      </div>
      {telling.length > 0 && <GuardLines lines={telling} />}
      {passed.length > 0 && (
        <Fold
          summary={
            <>
              <Check size={16} strokeWidth={1.75} className="text-ok" aria-hidden />
              <b>{passed.length === guards.length ? 'All passed' : `${passed.length} passed`}</b>
            </>
          }
        >
          <div className="border-t border-line">
            <GuardLines lines={passed} />
          </div>
        </Fold>
      )}
    </Panel>
  );
}

const GuardLines = ({ lines }: { lines: Lines }) => (
  <ul>
    {lines.map(({ guard, state, message }) => {
      const { icon: Icon, className, word } = LOOKS[state];
      return (
        <li
          key={guard}
          className="grid grid-cols-[20px_minmax(0,1fr)] gap-3 border-line px-4 py-3 not-first:border-t sm:px-5"
        >
          <Icon size={16} strokeWidth={1.75} className={classNames('mt-0.5', className)} aria-hidden />
          <div>
            <h3 className="text-13 font-strong">
              {GUARD_NAMES[guard]}
              <span className="sr-only">: {word}</span>
            </h3>
            <p className="text-13 text-text-2">{message}</p>
          </div>
        </li>
      );
    })}
  </ul>
);

const ICONS = { ok: Check, pending: Clock, error: OctagonAlert, neutral: Minus } as const;

export function StateBadge({ row }: { row: Parameters<typeof stateLabel>[0] }) {
  const { tone, text } = stateLabel(row);
  return (
    <Badge tone={tone} icon={ICONS[tone]}>
      {text}
    </Badge>
  );
}
