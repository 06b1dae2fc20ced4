import type { CoachView } from '#shared/coaches/contract.ts';
import { count } from '../../shared/format/numbers.ts';
import { classNames } from '../../shared/ui/class-names.ts';
import { ScrollRegion } from '../../shared/ui/scroll-region.tsx';
import { OnboardingState, SignInState } from './coach-state.tsx';

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
              <span className="two-lines">
                <button
                  type="button"
                  id={`coach-${coach.id}`}
                  className="name"
                  aria-current={coach.id === chosenId || undefined}
                  onClick={() => onChoose(coach.id)}
                >
                  {coach.name}
                </button>
                <span className="second">{coach.school}</span>
                <span className="second wide-only">{coach.email}</span>
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
