import type { CoachView } from '#shared/coaches/contract.ts';
import { count } from '#shared/kernel/format.ts';
import { Badge } from '#web/shared/ui/badge.tsx';
import { classNames } from '#web/shared/ui/class-names.ts';
import { ScrollRegion } from '#web/shared/ui/table.tsx';
import { Check, Minus } from 'lucide-react';

interface CoachTableProps {
  readonly coaches: readonly CoachView[];
  readonly chosenId: string | undefined;
  readonly onChoose: (id: string) => void;
}

export const CoachTable = ({ coaches, chosenId, onChoose }: CoachTableProps) => (
  <ScrollRegion label="Coach table">
    <table className="table tall">
      <caption className="sr-only">Coaches by name</caption>
      <thead>
        <tr>
          <th scope="col">Coach</th>
          <th scope="col" className="num wide-only">
            Competitors
          </th>
          <th scope="col">Onboarding</th>
          <th scope="col" className="wide-only">
            Own account
          </th>
          <th scope="col">Sign-in</th>
        </tr>
      </thead>
      <tbody>
        {coaches.map((coach) => (
          <tr key={coach.id} className={classNames(coach.id === chosenId && 'selected')}>
            <th scope="row" className="py-1.5 text-left font-normal">
              <span className="grid min-w-0">
                <button
                  type="button"
                  id={`coach-${coach.id}`}
                  className="name"
                  aria-current={coach.id === chosenId || undefined}
                  onClick={() => onChoose(coach.id)}
                >
                  <bdi>{coach.name}</bdi>
                </button>
                <span className="text-12 text-muted">{coach.school}</span>
                <span className="wide-only text-12 text-muted">{coach.email}</span>
              </span>
            </th>
            <td className="num wide-only">
              {coach.competitors === null ? 'not counted' : count(coach.competitors)}
            </td>
            <td>
              <OnboardingState coach={coach} />
            </td>
            <td className="wide-only text-text-2">{coach.gamePlatformId === null ? 'none yet' : 'there'}</td>
            <td>
              <SignInState coach={coach} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </ScrollRegion>
);

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
