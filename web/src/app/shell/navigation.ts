import type { MeView } from '#shared/identity/contract.ts';
import {
  Inbox,
  LayoutGrid,
  ListChecks,
  Network,
  SquarePlay,
  UserCog,
  UsersRound,
  type LucideIcon,
} from 'lucide-react';

export interface Destination {
  readonly to: string;
  readonly text: string;
  readonly icon: LucideIcon;
}

const COACH: readonly Destination[] = [
  { to: '/', text: 'Dashboard', icon: LayoutGrid },
  { to: '/competitors', text: 'Competitors', icon: UsersRound },
  { to: '/teams', text: 'Teams', icon: Network },
];
const ADMIN: readonly Destination[] = [
  { to: '/roster-plan', text: 'Roster plan', icon: ListChecks },
  { to: '/coaches', text: 'Coaches', icon: UserCog },
  { to: '/jobs', text: 'Jobs', icon: SquarePlay },
  { to: '/queues', text: 'Queues', icon: Inbox },
];

/** Where one can go. An admin acting as a coach sees what that coach sees. */
export const destinations = (me: MeView): readonly Destination[] =>
  me.role === 'admin' && me.actingAs === null ? [...COACH, ...ADMIN] : COACH;
