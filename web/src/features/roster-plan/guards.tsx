import type { RosterPlanView } from '#shared/teams/contract.ts';
import { Check, ChevronDown, Clock, Info, OctagonAlert } from 'lucide-react';
import { Panel } from '../../shared/ui/panel.tsx';
import { GUARD_NAMES, guardsApart, guardsSummary } from './plan-words.ts';

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
        <details className="fold guards-passed">
          <summary>
            <Check size={16} strokeWidth={1.75} aria-hidden />
            <b>{passed.length === guards.length ? 'All passed' : `${passed.length} passed`}</b>
            <ChevronDown size={16} className="fold-arrow" aria-hidden />
          </summary>
          <GuardLines lines={passed} />
        </details>
      )}
    </Panel>
  );
}

const GuardLines = ({ lines }: { lines: Lines }) => (
  <ul className="guard-lines">
    {lines.map(({ guard, state, message }) => {
      const { icon: Icon, className, word } = LOOKS[state];
      return (
        <li key={guard}>
          <Icon size={16} strokeWidth={1.75} className={className} aria-hidden />
          <div>
            <h3>
              {GUARD_NAMES[guard]}
              <span className="sr-only">: {word}</span>
            </h3>
            <p>{message}</p>
          </div>
        </li>
      );
    })}
  </ul>
);
