import type { CoachView } from '#shared/coaches/contract.ts';
import { Check, Minus } from 'lucide-react';
import { Badge } from '../../shared/ui/badge.tsx';

/** On or off, in a word. */
const Switch = ({ on, words }: { on: boolean; words: readonly [on: string, off: string] }) => (
  <Badge tone={on ? 'ok' : 'neutral'} icon={on ? Check : Minus}>
    {words[on ? 0 : 1]}
  </Badge>
);

export const SignInState = ({ coach }: { coach: CoachView }) => (
  <Switch on={coach.enabled} words={['On', 'Switched off']} />
);

export const OnboardingState = ({ coach }: { coach: CoachView }) => (
  <Switch on={coach.features.onboarding} words={['On', 'Off']} />
);
