import type { RosterPlanView } from '#shared/teams/contract.ts';
import { count } from '../../shared/format/numbers.ts';
import { removalReasons } from './plan-words.ts';

/** The plan in numbers. */
export function PlanCounts({ plan: { counts, rows } }: { plan: RosterPlanView }) {
  const figures = [
    { name: 'Add', value: counts.add, note: 'missing on the platform' },
    { name: 'Move', value: counts.move, note: 'in the wrong team' },
    { name: 'Remove', value: counts.remove, note: removalReasons(rows) },
    {
      name: 'In step',
      value: counts.inStep,
      note: counts.underway === 0 ? 'nothing to do' : `and ${count(counts.underway)} on the way anyway`,
    },
    { name: 'Unknown users', value: counts.unknownUsers, note: 'reported, never touched' },
  ];
  return (
    <section className="panel" aria-label="The plan in numbers">
      <dl className="plan-counts">
        {figures.map(({ name, value, note }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="figure">{count(value)}</dd>
            <dd className="text-12 text-muted">{note}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
