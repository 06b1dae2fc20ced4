import type { Competitor } from '#shared/competitors/competitor.ts';
import type { GamePlatformModel } from '../../../../test/game-platform-simulator/model.ts';
import type { DemoProgramme } from './demo-programme.ts';

const unix = (date: Date): number => Math.floor(date.getTime() / 1_000);

/** Puts the programme's people and teams on the simulated platform; who is there already stays as they are. */
export function enrol(programme: DemoProgramme, model: GamePlatformModel): void {
  const people = new Map(programme.competitors.map((competitor) => [competitor.id, competitor]));
  const personOf = (id: string): Competitor => {
    const person = people.get(id);
    if (person === undefined) throw new Error(`The demo has no competitor ${id}.`);
    return person;
  };
  for (const coach of programme.coaches) {
    const [firstName = '', ...rest] = coach.name.split(' ');
    model.enrol({
      synedUserId: coach.id,
      firstName,
      lastName: rest.join(' '),
      email: coach.email,
      role: 'coach',
      enrolledAt: unix(new Date(coach.createdAt)),
      status: 'approved',
    });
  }
  for (const team of programme.teams) {
    const { id, coachId, name, affiliation, division } = team;
    model.addTeam({ synedTeamId: id, coachId, name, affiliation, division });
  }
  for (const { competitorId, enrolledAt, status } of programme.enrolments) {
    const { firstName, lastName, email, coachId, teamId } = personOf(competitorId);
    model.enrol({
      synedUserId: competitorId,
      firstName,
      lastName,
      email: email ?? '',
      coachId,
      ...(teamId === null ? {} : { teamId }),
      enrolledAt: unix(enrolledAt),
      status,
    });
  }
  for (const { id, competitorId } of programme.foreignAccounts) {
    const { firstName, lastName, email } = personOf(competitorId);
    const enrolledAt = unix(new Date(personOf(competitorId).createdAt));
    model.enrol({ synedUserId: id, firstName, lastName, email: email ?? '', enrolledAt, status: 'approved' });
  }
}
