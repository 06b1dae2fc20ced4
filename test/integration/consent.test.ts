import { beforeAll, describe, expect, it } from 'vitest';
import {
  competitorListSchema,
  competitorViewSchema,
  type CompetitorRow,
  type CompetitorView,
} from '#shared/competitors/contract.ts';
import { dashboardViewSchema } from '#shared/dashboard/contract.ts';
import { problemSchema } from '#shared/kernel/problem.ts';
import { ADMIN, apiOf, COACH, runJob, useLocalStack, type Api } from '#test/support/stack.ts';

describe('Consent taken back after onboarding', () => {
  const stack = useLocalStack();
  let admin: Api;
  let coach: Api;
  let someone: CompetitorRow;

  const rows = async (): Promise<CompetitorRow[]> =>
    competitorListSchema.parse((await coach('GET', '/api/competitors?limit=200')).body).items;
  const open = async (): Promise<CompetitorView> =>
    competitorViewSchema.parse((await coach('GET', `/api/competitors/${someone.id}`)).body);
  const change = async (body: object): Promise<CompetitorView> => {
    const headers = { 'if-match': `"${(await open()).version}"` };
    const answer = await coach('PATCH', `/api/competitors/${someone.id}`, { body, headers });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return competitorViewSchema.parse(answer.body);
  };
  const dashboard = async () =>
    dashboardViewSchema.parse((await coach('GET', '/api/game-platform/dashboard')).body);
  /** Paths of the platform's calls about the person since then. */
  const callsSince = (from: number): string[] =>
    (stack().gamePlatform.simulator?.requests.since() ?? [])
      .slice(from)
      .filter((request) => JSON.stringify(request).includes(someone.id))
      .map(({ path }) => path);
  const callsSoFar = (): number => stack().gamePlatform.simulator?.requests.since().length ?? 0;
  const everyJob = async (): Promise<void> => {
    const competitorIds = [someone.id];
    await runJob(admin, 'game_platform_sync', { competitorIds, full: true });
    await runJob(admin, 'game_platform_totals_sweep', {});
    await runJob(admin, 'game_platform_flash_ctf_sync', { everyone: true });
    await runJob(admin, 'profile_refresh', { competitorIds });
  };

  beforeAll(async () => {
    admin = await apiOf(stack(), ADMIN);
    coach = await apiOf(stack(), COACH);
    const found = (await rows()).find(
      (one) => one.active && one.team !== null && one.challengesSolved > 0 && one.onHold === null,
    );
    if (found === undefined) throw new Error('The demo has nobody on a team who solved something.');
    someone = found;
  });

  it('puts the person on hold: shown, out of the figures, and asked about by no job and no button', async () => {
    const before = await dashboard();
    const held = await change({ consentWithdrawnDate: '2026-11-20' });
    expect(held).toMatchObject({ status: 'complete', onHold: { because: 'withdrawn', since: '2026-11-20' } });
    expect((await rows()).find(({ id }) => id === someone.id)?.onHold).toEqual(held.onHold);

    const after = await dashboard();
    expect(after.kpis.registered.count).toBe((before.kpis.registered.count ?? 0) - 1);
    expect(after.scope.competitors).toBe(before.scope.competitors - 1);
    expect(after.leaderboard.rows.map(({ competitorId }) => competitorId)).not.toContain(someone.id);

    const from = callsSoFar();
    await everyJob();
    for (const act of ['sync', 'password-reset']) {
      const answer = await coach('POST', `/api/game-platform/competitors/${someone.id}/${act}`);
      expect([answer.status, problemSchema.parse(answer.body).code]).toEqual([409, 'ON_HOLD']);
    }
    expect(callsSince(from)).toEqual([]);
  });

  it('is lifted by a new release, and scores are read again', async () => {
    const lifted = await change({ mediaReleaseDate: '2026-11-21', participationAgreementDate: '2026-11-21' });
    expect(lifted).toMatchObject({ onHold: null, consentWithdrawnDate: null });
    const from = callsSoFar();
    await runJob(admin, 'game_platform_sync', { competitorIds: [someone.id] });
    expect(callsSince(from).some((path) => path.endsWith('/scores/get_odl_scores'))).toBe(true);
  });

  it('has made no call that AWS would have refused', () => {
    expect(stack().aws.refusals()).toEqual([]);
  });
});
