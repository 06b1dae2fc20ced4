import type { RosterPlanView } from '#shared/rosters/roster-plan-view.ts';
import { Check, Clock, Info, OctagonAlert } from 'lucide-react';
import { Panel } from '../../shared/ui/panel.tsx';
import { GUARD_NAMES, guardsSummary } from './plan-words.ts';

const LOOKS = {
  passed: { icon: Check, className: 'text-ok', word: 'passed' },
  stopped: { icon: OctagonAlert, className: 'text-error', word: 'stopped the plan' },
  waiting: { icon: Clock, className: 'text-pending', word: 'waits' },
  noted: { icon: Info, className: 'text-text-2', word: 'to know' },
} as const;

/** What the plan was held against, and what each found. */
export const Guards = ({ guards }: Pick<RosterPlanView, 'guards'>) => (
  <Panel label="Guards" className="plan-guards">
    <div className="panel-head">
      <h2>Guards</h2>
      <span className="as-of">{guardsSummary(guards)}</span>
    </div>
    <ul className="guard-lines">
      {guards.map(({ guard, state, message }) => {
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
  </Panel>
);
