import type { TeamMember, TeamView } from '#shared/teams/contract.ts';
import type { MembershipEdit, TeamRef } from '#web/shared/roster/membership.ts';
import { type DragEvent, useEffect, useState } from 'react';

/** A member who is dragged from one team to another with the mouse. The drawer's form is the way by keyboard. */
export interface DraggedMember {
  readonly competitorId: string;
  readonly name: string;
  readonly from: TeamRef;
  readonly coachId: string;
}

export const draggedOf = (
  { competitorId, name }: Pick<TeamMember, 'competitorId' | 'name'>,
  team: Pick<TeamView, 'id' | 'name' | 'coachId'>,
): DraggedMember => ({ competitorId, name, from: { id: team.id, name: team.name }, coachId: team.coachId });

/** `home`: where the member is; `foreign`: of another coach, so not possible; `takes`: may be dropped there. */
type DropPlace = 'none' | 'home' | 'foreign' | 'takes';

export function dropPlace(
  team: Pick<TeamView, 'id' | 'coachId'>,
  dragged: Pick<DraggedMember, 'from' | 'coachId'> | null,
): DropPlace {
  if (dragged === null) return 'none';
  if (team.id === dragged.from.id) return 'home';
  return team.coachId === dragged.coachId ? 'takes' : 'foreign';
}

/** The edit that a drop makes; null takes the member off the team. */
export const editOf = ({ competitorId, name, from }: DraggedMember, to: TeamRef | null): MembershipEdit => ({
  competitorId,
  name,
  from,
  to: to === null ? null : { id: to.id, name: to.name },
});

/** What a drag of a member carries outside this page: nothing, so that no name is dropped into another program. */
const EMPTY_LOAD = 'application/x-team-member';

/** What makes an element a member that can be dragged. */
export const dragProps = (member: DraggedMember, onDrag: (dragged: DraggedMember | null) => void) => ({
  draggable: true,
  onDragStart: (event: DragEvent) => {
    event.dataTransfer.clearData();
    event.dataTransfer.setData(EMPTY_LOAD, '');
    event.dataTransfer.effectAllowed = 'move';
    // What changes on the page at once may end the drag in some browsers.
    setTimeout(() => onDrag(member));
  },
  onDragEnd: () => onDrag(null),
});

/**
 * Who is dragged, until the drag is over. A row that is gone by then, since its member has moved, hears of no end: a drop is
 * one, and so is a pointer that moves again, as it does not while something is dragged.
 */
export function useDragged() {
  const [dragged, setDragged] = useState<DraggedMember | null>(null);
  useEffect(() => {
    if (dragged === null) return undefined;
    const end = () => setDragged(null);
    const ends = ['drop', 'pointermove'] as const;
    for (const event of ends) document.addEventListener(event, end);
    return () => {
      for (const event of ends) document.removeEventListener(event, end);
    };
  }, [dragged]);
  return [dragged, setDragged] as const;
}

/** Handlers of an element that takes what is dropped, while `takes`; `over` once the pointer is on it. */
export function useDropTarget(takes: boolean, onDrop: () => void) {
  const [inside, setInside] = useState(false);
  return {
    over: takes && inside,
    handlers: {
      onDragEnter: () => setInside(true),
      onDragOver: (event: DragEvent) => {
        if (!takes) return;
        // Not prevented means that nothing may be dropped here.
        event.preventDefault();
        event.dataTransfer.dropEffect = 'move';
      },
      onDragLeave: (event: DragEvent) => {
        const to = event.relatedTarget;
        if (!(to instanceof Node && event.currentTarget.contains(to))) setInside(false);
      },
      onDrop: (event: DragEvent) => {
        setInside(false);
        if (!takes) return;
        event.preventDefault();
        onDrop();
      },
    },
  };
}
