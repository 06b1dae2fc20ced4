import type { SyncBadge as BadgeView } from '#shared/teams/contract.ts';
import { Check, Clock, X } from 'lucide-react';
import { Badge } from '../ui/badge.tsx';

/** The states by their names on screen, and how they look. */
export const SYNC_LOOKS = {
  synced: { tone: 'ok', icon: Check, word: 'Synced' },
  pending: { tone: 'pending', icon: Clock, word: 'Pending' },
  error: { tone: 'error', icon: X, word: 'Error' },
} as const;

/** Whether the platform has it, in a word. */
export const SyncBadge = ({ state }: { state: BadgeView['state'] }) => {
  const { tone, icon, word } = SYNC_LOOKS[state];
  return (
    <Badge tone={tone} icon={icon}>
      {word}
    </Badge>
  );
};
