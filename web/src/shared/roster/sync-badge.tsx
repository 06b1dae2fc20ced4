import type { SyncBadge as BadgeView } from '#shared/teams/contract.ts';
import { Check, Clock, X } from 'lucide-react';
import { Badge } from '../ui/badge.tsx';

const LOOKS = {
  synced: { tone: 'ok', icon: Check, word: 'Synced' },
  pending: { tone: 'pending', icon: Clock, word: 'Pending' },
  error: { tone: 'error', icon: X, word: 'Error' },
} as const;

/** Whether the platform has it, in a word. */
export const SyncBadge = ({ state }: { state: BadgeView['state'] }) => {
  const { tone, icon, word } = LOOKS[state];
  return (
    <Badge tone={tone} icon={icon}>
      {word}
    </Badge>
  );
};
