import * as z from 'zod';
import { competitorSchema } from '#shared/competitors/competitor.ts';
import { onHold } from '#shared/competitors/consent.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { mapAtOnce } from '#shared/kernel/at-once.ts';
import { beginsWith, equals, query } from '#shared/table/expressions.ts';
import { indexKeys } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { queryAll, type Table } from '#shared/table/table.ts';
import type { OurPerson, OurTeam } from '../reconcile/plan-roster.ts';
import { createTeamRepository } from '../team-repository.ts';
import { rosterEntrySchema } from './roster-entry.ts';
import { createRosterRepository } from './roster-repository.ts';

export interface RosterPictureRepository {
  /** Everybody of ours whom the platform knows, and all our teams; from the indexes, so a moment old. */
  readonly all: () => Promise<{
    readonly people: OurPerson[];
    readonly teams: ReadonlyMap<string, OurTeam>;
  }>;
  /** These people with their entries as they are now. */
  readonly asOfNow: (people: readonly OurPerson[]) => Promise<OurPerson[]>;
}

const COACHES_AT_ONCE = 6;

const personSchema = competitorSchema.pick({
  id: true,
  coachId: true,
  active: true,
  gamePlatformId: true,
  adult: true,
  participationAgreementDate: true,
  mediaReleaseDate: true,
  consentWithdrawnDate: true,
});
const tombstoneSchema = z.object({
  competitorId: z.string(),
  coachId: z.string(),
  /** Tombstones of earlier versions lack it; almost everybody's is their id here. */
  gamePlatformId: z.string().nullable().optional(),
});

/** Only what the comparison looks at: there may be very many of them at once. */
const entrySchema = rosterEntrySchema.pick({
  wantedTeamId: true,
  wantedAt: true,
  confirmedTeamId: true,
  confirmedAt: true,
  doubtTeamId: true,
  attempts: true,
});

export function createRosterPictureRepository(table: Table): RosterPictureRepository {
  const { coaches } = createIdentityRepository(table);
  const rosters = createRosterRepository(table);
  const teams = createTeamRepository(table);
  const ofIndex = (partition: string, prefix: string | null, fields: readonly string[]) =>
    queryAll(
      table,
      query(equals('gsi1pk', partition), prefix === null ? undefined : beginsWith('gsi1sk', prefix), {
        fields,
      }),
    );

  async function* peopleOf(coachId: string): AsyncGenerator<OurPerson> {
    const entries = new Map<string, OurPerson['entry']>();
    const { gsi1pk, gsi1sk } = indexKeys.competitorOfCoach(coachId, '');
    const ofRoster = indexKeys.rosterOfCoach(coachId, '').gsi1sk;
    for await (const item of ofIndex(gsi1pk, ofRoster, ['competitorId', ...Object.keys(entrySchema.shape)])) {
      entries.set(String(item['competitorId']), parseRow(entrySchema, 'roster_entry', item));
    }
    for await (const item of ofIndex(gsi1pk, gsi1sk, Object.keys(personSchema.shape))) {
      const competitor = parseRow(personSchema, 'competitor', item);
      const { id, active, gamePlatformId } = competitor;
      if (gamePlatformId === null) continue;
      const person = { competitorId: id, coachId, platformId: gamePlatformId, active, erased: false };
      yield { ...person, onHold: onHold(competitor) !== null, entry: entries.get(id) };
    }
  }

  async function erased(): Promise<OurPerson[]> {
    const found: OurPerson[] = [];
    const { gsi1pk } = indexKeys.erased('', '');
    for await (const item of ofIndex(gsi1pk, null, Object.keys(tombstoneSchema.shape))) {
      const {
        competitorId,
        coachId,
        gamePlatformId = competitorId,
      } = parseRow(tombstoneSchema, 'tombstone', item);
      if (gamePlatformId === null) continue;
      const person = { competitorId, coachId, platformId: gamePlatformId, active: false, erased: true };
      found.push({ ...person, onHold: false, entry: undefined });
    }
    return found;
  }

  async function asOfNow(people: readonly OurPerson[]): Promise<OurPerson[]> {
    const entries = await rosters.ofCompetitors(people.map(({ competitorId }) => competitorId));
    return people.map(({ entry: _older, ...person }) => ({
      ...person,
      entry: entries.get(person.competitorId),
    }));
  }

  return {
    asOfNow,
    async all() {
      const people: OurPerson[] = [];
      const ours = new Map<string, OurTeam>();
      await mapAtOnce(await coaches.all(), COACHES_AT_ONCE, async ({ id: coachId }) => {
        for (const team of await teams.ofCoach(coachId)) {
          ours.set(team.id, { id: team.id, present: true, recreated: team.recreate !== null });
        }
        for await (const person of peopleOf(coachId)) people.push(person);
      });
      people.push(...(await erased()));
      // Deleted here, and not yet over there: in nobody's list any more.
      for await (const team of teams.pendingDue(END_OF_TIME)) {
        if (team.wantedState === 'deleted')
          ours.set(team.id, { id: team.id, present: false, recreated: false });
      }
      return { people, teams: ours };
    },
  };
}

const END_OF_TIME = new Date('9999-01-01T00:00:00.000Z');
