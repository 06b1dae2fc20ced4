import type { TeamView } from '#shared/teams/contract.ts';
import type { MembershipEdit, TeamRef } from '#web/shared/roster/membership.ts';
import { classNames } from '#web/shared/ui/class-names.ts';
import { UserMinus } from 'lucide-react';
import type { ReactNode } from 'react';
import { type DraggedMember, editOf, useDropTarget } from './member-drag.ts';

interface DropStripProps {
  readonly dragged: DraggedMember;
  readonly siblings: readonly TeamView[];
  readonly onChange: (edit: MembershipEdit) => void;
}

/** Where a member of an open team can be dropped: the page behind is out of reach then. */
export function DropStrip({ dragged, siblings, onChange }: DropStripProps) {
  const drop = (to: TeamRef | null) => () => onChange(editOf(dragged, to));
  return (
    <section className="drop-strip" aria-label={`Drop ${dragged.name} on`}>
      <p className="text-12 text-muted">
        Drop <bdi>{dragged.name}</bdi> on
      </p>
      <div>
        {siblings.map((team) => (
          <DropBox key={team.id} onDrop={drop(team)}>
            <bdi>{team.name}</bdi>
          </DropBox>
        ))}
        <DropBox onDrop={drop(null)}>
          <UserMinus size={14} aria-hidden /> No team
        </DropBox>
      </div>
    </section>
  );
}

function DropBox({ onDrop, children }: { onDrop: () => void; children: ReactNode }) {
  const { over, handlers } = useDropTarget(true, onDrop);
  return (
    <span className={classNames('drop-box', over && 'over')} {...handlers}>
      {children}
    </span>
  );
}
