import { Check, Clock, Minus, OctagonAlert } from 'lucide-react';
import { Badge } from '../../shared/ui/badge.tsx';
import { stateWords } from './plan-words.ts';

const ICONS = { ok: Check, pending: Clock, error: OctagonAlert, neutral: Minus } as const;

export function StateBadge({ row }: { row: Parameters<typeof stateWords>[0] }) {
  const { tone, text } = stateWords(row);
  return (
    <Badge tone={tone} icon={ICONS[tone]}>
      {text}
    </Badge>
  );
}
