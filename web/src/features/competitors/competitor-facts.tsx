import { accountStatusName, STATUS_NAMES } from '#shared/competitors/state-names.ts';
import type { CompetitorView } from '#shared/competitors/contract.ts';
import { Fact } from '#web/shared/ui/panel.tsx';
import { age, count, divisionName, nearDay, plainDay } from '#shared/kernel/format.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import type { ReactNode } from 'react';

/** What is on record. What is not there is called "none", never a dash. */
export function CompetitorFacts({ competitor }: { competitor: CompetitorView }) {
  const { timeZone } = useConfig();
  const now = useNow();
  const day = (iso: string | null, otherwise: string) =>
    iso === null ? otherwise : nearDay(iso, timeZone, now);
  const { gamePlatform } = competitor;
  return (
    <>
      <Facts title="Platform account">
        <Fact name="Account">
          {gamePlatform.id === null ? 'none yet' : accountStatusName(gamePlatform.accountStatus)}
        </Fact>
        {gamePlatform.id !== null && (
          <>
            <Fact name="Username">
              <span className="mono">{gamePlatform.username ?? 'not known yet'}</span>
            </Fact>
            <Fact name="Added">{day(gamePlatform.onboardedAt, 'not known')}</Fact>
            <Fact name="Last sign-in there">{day(gamePlatform.lastLoginAt, 'none yet')}</Fact>
            <Fact name="Challenges solved">{count(competitor.challengesSolved)}</Fact>
            <Fact name="Scores read">
              {competitor.lastReadAt === null ? 'not yet' : age(competitor.lastReadAt, now)}
            </Fact>
          </>
        )}
      </Facts>
      <Facts title="Profile">
        <Fact name="Status">
          {STATUS_NAMES[competitor.status]}
          {competitor.active ? '' : ', deactivated'}
          {competitor.onHold === null ? '' : ', on hold'}
        </Fact>
        <Fact name="Division">
          {competitor.division === null ? 'none yet' : divisionName(competitor.division)}
        </Fact>
        <Fact name="Email">{competitor.email ?? 'none yet'}</Fact>
        {competitor.adult ? (
          <>
            <Fact name="School email">{competitor.schoolEmail ?? 'none yet'}</Fact>
            <Fact name="Participation agreement">{dateOr(competitor.participationAgreementDate)}</Fact>
          </>
        ) : (
          <>
            <Fact name="Guardian">{competitor.guardianName ?? 'none yet'}</Fact>
            <Fact name="Guardian’s email">{competitor.guardianEmail ?? 'none yet'}</Fact>
            <Fact name="Media release">{dateOr(competitor.mediaReleaseDate)}</Fact>
          </>
        )}
        {competitor.consentWithdrawnDate !== null && (
          <Fact name="Withdrawn">{plainDay(competitor.consentWithdrawnDate)}</Fact>
        )}
      </Facts>
    </>
  );
}

const dateOr = (date: string | null): string => (date === null ? 'none yet' : plainDay(date));

const Facts = ({ title, children }: { title: string; children: ReactNode }) => (
  <div>
    <h3 className="pb-1 text-13 font-strong">{title}</h3>
    <dl className="facts">{children}</dl>
  </div>
);
