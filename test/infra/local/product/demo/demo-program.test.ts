import { describe, expect, it } from 'vitest';
import { demoProgram } from '#infra/local/product/demo/demo-program.ts';
import { competitorStatus } from '#shared/competitors/competitor-status.ts';
import { competitorSchema } from '#shared/competitors/competitor.ts';
import { teamSchema } from '#shared/teams/team.ts';

const now = new Date('2026-11-24T20:10:00.000Z');
const program = demoProgram(1, now);

describe('The demo program', () => {
  it('has 12 coaches, 40 teams and 300 competitors with distinct ids, names and addresses', () => {
    const { coaches, teams, competitors } = program;
    expect([coaches.length, teams.length, competitors.length]).toEqual([12, 40, 300]);
    expect(new Set(competitors.map(({ id }) => id)).size).toBe(300);
    expect(new Set(competitors.map(({ email }) => email)).size).toBe(300);
    expect(new Set(teams.map(({ name }) => name)).size).toBe(40);
  });

  it('holds nothing that the table would refuse', () => {
    expect(() => program.competitors.map((one) => competitorSchema.parse(one))).not.toThrow();
    expect(() => program.teams.map((one) => teamSchema.parse(one))).not.toThrow();
  });

  it.each(program.coaches.map(({ id }) => id))('shows every status to %s', (coachId) => {
    const own = program.competitors.filter((competitor) => competitor.coachId === coachId);
    expect(new Set(own.map(competitorStatus))).toEqual(
      new Set(['pending', 'profile', 'compliance', 'complete']),
    );
    expect(own.some((competitor) => competitor.platform.refusal !== null)).toBe(true);
    expect(new Set(own.map((competitor) => competitor.platform.accountStatus)).size).toBeGreaterThan(2);
  });

  it('puts nobody on a team of another coach, and every team has members', () => {
    const coachOf = new Map(program.teams.map((team) => [team.id, team.coachId]));
    const members = program.competitors.filter((competitor) => competitor.teamId !== null);
    expect(members.filter(({ teamId, coachId }) => coachOf.get(teamId ?? '') !== coachId)).toEqual([]);
    expect(new Set(members.map(({ teamId }) => teamId)).size).toBe(40);
  });

  it('uses reserved domains only, so that no mail can reach anybody', () => {
    const addresses = [...program.competitors, ...program.coaches].flatMap((one) =>
      'guardianEmail' in one ? [one.email, one.schoolEmail, one.guardianEmail] : [one.email],
    );
    const reserved = /@([a-z0-9-]+\.)*example\.(com|org|net)$/;
    expect(addresses.filter((address) => address !== null && !reserved.test(address))).toEqual([]);
  });

  it('is the same for the same seed', () => {
    expect(demoProgram(1, now)).toEqual(program);
    expect(demoProgram(2, now)).not.toEqual(program);
  });
});
