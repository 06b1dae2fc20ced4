import { DomainError } from '#shared/kernel/errors.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import type { Edit } from './history.ts';
import type { Program } from './program.ts';
import type { Kill } from './turns.ts';
import type { Begun, World } from './world.ts';

const DIVISION = 'high_school';

/** Begins what a coach or an admin does, through the API; undefined when there is nothing to be done. */
export async function beginEdit(
  world: World,
  program: Program,
  edit: Edit,
  kill: Kill | undefined,
): Promise<Begun | undefined> {
  const competitorOf = (id: string) => createCompetitorRepository(world.table).byId(id, { consistent: true });
  const teamOf = (id: string) => createTeamRepository(world.table).byId(id, { consistent: true });
  const request = (
    route: Parameters<World['request']>[0],
    what: Parameters<World['request']>[1],
    done: (body: unknown) => void = () => {},
    unsure: () => void = () => {},
  ) =>
    world.request(
      route,
      what,
      (end) => {
        if (end.kind === 'done') done(end.value.body);
        else if (end.kind !== 'failed' || !(end.error instanceof DomainError)) unsure();
      },
      kill,
    );
  switch (edit.act) {
    case 'put': {
      const competitorId = program.personOf(edit.person);
      const id = program.teamOf(edit.team);
      const [competitor, team] = [await competitorOf(competitorId), await teamOf(id)];
      if (competitor?.coachId !== team?.coachId) return undefined;
      return request(
        'PUT /api/teams/{id}/members/{competitorId}',
        { params: { id, competitorId } },
        () => program.wishes.set(competitorId, id),
        () => program.wishes.set(competitorId, undefined),
      );
    }
    case 'take': {
      const competitorId = program.personOf(edit.person);
      const id = (await competitorOf(competitorId))?.teamId ?? null;
      if (id === null) return undefined;
      return request(
        'DELETE /api/teams/{id}/members/{competitorId}',
        { params: { id, competitorId } },
        () => program.wishes.set(competitorId, null),
        () => program.wishes.set(competitorId, undefined),
      );
    }
    case 'newTeam': {
      const count = program.teams.length;
      const body = { name: `Team ${count}`, affiliation: 'Harbor Middle School', division: DIVISION };
      return request('POST /api/teams', { query: { coachId: `coa_${1 + (count % 2)}` }, body }, (made) =>
        program.teams.push(String(Object(made)['id'])),
      );
    }
    case 'deleteTeam':
      return request('DELETE /api/teams/{id}', { params: { id: program.teamOf(edit.team) } });
    case 'recreate':
      return request('POST /api/game-platform/teams/{id}/recreate', {
        params: { id: program.teamOf(edit.team) },
      });
    case 'rename': {
      const team = await teamOf(program.teamOf(edit.team));
      if (team === undefined) return undefined;
      return request('PATCH /api/teams/{id}', {
        params: { id: team.id },
        headers: { 'if-match': `"${team.version}"` },
        body: { name: `${team.name} II` },
      });
    }
    case 'toggle': {
      const competitor = await competitorOf(program.personOf(edit.person));
      if (competitor === undefined) return undefined;
      return request('PATCH /api/competitors/{id}', {
        params: { id: competitor.id },
        headers: { 'if-match': `"${competitor.version}"` },
        body: { active: !competitor.active },
      });
    }
    case 'erase': {
      const id = program.personOf(edit.person);
      return request('DELETE /api/competitors/{id}', { params: { id } }, () => program.erased.add(id));
    }
    case 'onboard': {
      const id = program.newcomers[edit.person % program.newcomers.length] ?? '';
      if (edit.by === 'request')
        return request('POST /api/game-platform/competitors/{id}', { params: { id } });
      const body = { taskType: 'onboard_competitors', payload: { competitorIds: [id] } };
      return request('POST /api/admin/jobs', { body });
    }
    case 'processing':
    case 'settings': {
      const { version } = await createSettingsRepository(world.table).syncSettings();
      const processing = edit.act === 'processing' ? { enabled: edit.on } : undefined;
      const reason = processing?.enabled === false ? { reason: 'Maintenance over there' } : {};
      const body =
        edit.act === 'settings' ? { sync: edit.sync } : { processing: { ...processing, ...reason } };
      return request('PATCH /api/admin/settings', { headers: { 'if-match': `"${version}"` }, body });
    }
    case 'job': {
      const { taskType, payload } = edit;
      const people = program.people.slice(0, 2);
      const given = 'competitorIds' in payload ? { ...payload, competitorIds: people } : payload;
      return request('POST /api/admin/jobs', { body: { taskType, payload: given } });
    }
    default:
      throw new Error('Such an edit is not known here.');
  }
}
