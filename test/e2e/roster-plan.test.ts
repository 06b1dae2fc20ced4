import type { Page } from 'playwright-core';
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { competitorListSchema } from '#shared/competitors/contract.ts';
import {
  rosterPlanViewSchema,
  type RosterPlanView,
  teamListSchema,
  teamViewSchema,
  type TeamView,
} from '#shared/teams/contract.ts';
import {
  ADMIN,
  apiOf,
  COACH,
  finished,
  runJob,
  until,
  useLocalStack,
  type Api,
} from '#test/support/stack.ts';
import {
  accessibilityProblems,
  picture,
  PHONE,
  expectNoSidewaysScroll,
  signIn,
  useBrowser,
  type Visit,
} from './visit.ts';

const answerOf = (page: Page) => page.getByRole('region', { name: 'Confirm' });
const removalsOf = (page: Page) => page.getByRole('region', { name: 'Removals' });

describe('The roster plan', () => {
  const stack = useLocalStack();
  const open = useBrowser();
  let coach: Api;
  let admin: Api;
  let largest: TeamView;

  const platform = () => {
    const { simulator } = stack().gamePlatform;
    if (simulator === undefined) throw new Error('The stack runs without a simulator.');
    return simulator;
  };
  /** What somebody at the vendor does; nobody here knows of it. */
  const moveThere = (userId: string, teamId: string | null): void => {
    const { model } = platform();
    if (model.platform.account(userId).teamId !== null) model.platform.deleteAssignment(userId);
    if (teamId !== null) model.platform.assignTeam(userId, teamId);
  };
  const membersOf = async (teamId: string): Promise<string[]> =>
    competitorListSchema
      .parse((await coach('GET', '/api/competitors?limit=200')).body)
      .items.flatMap(({ team, gamePlatform }) =>
        team?.id === teamId && gamePlatform.id !== null ? [gamePlatform.id] : [],
      );
  const plan = async (): Promise<RosterPlanView> => {
    const view = rosterPlanViewSchema.parse((await admin('GET', '/api/admin/roster-plan')).body);
    if (view.plan === null) throw new Error('There is no plan.');
    return view.plan;
  };
  const inStep = () =>
    until(
      async () => {
        await runJob(admin, 'roster_reconcile', { dryRun: true });
        const drawn = await plan();
        if (drawn.confirmable.all > 0) {
          const { body } = await admin('POST', `/api/admin/roster-plan/${drawn.id}/confirm`, {
            body: { scope: 'all', reason: 'The test begins in step', removals: drawn.removals },
          });
          await finished(admin, body.jobId);
        }
        return drawn;
      },
      ({ status }) => status === 'in_step',
      'both sides in step',
    );
  const asAdmin = async (size?: { width: number; height: number }): Promise<Visit> => {
    const visit = await open(size);
    await signIn(visit.page, stack(), ADMIN);
    return visit;
  };
  const openPlan = async (page: Page) => {
    await page.goto(`${stack().url}/roster-plan`);
    await page.getByRole('heading', { level: 1, name: 'Roster plan' }).waitFor();
  };

  beforeAll(async () => {
    [coach, admin] = await Promise.all([apiOf(stack(), COACH), apiOf(stack(), ADMIN)]);
    const { items } = teamListSchema.parse((await coach('GET', '/api/teams')).body);
    const [first] = items.toSorted((a, b) => b.members.length - a.members.length);
    if (first === undefined) throw new Error('The demo has no team.');
    largest = first;
  });

  it('is for admins: a coach finds no way to it, and nothing behind its address', async () => {
    const { page } = await open();
    await signIn(page, stack(), COACH);
    expect(await page.getByRole('link', { name: 'Roster plan' }).count()).toBe(0);
    await openPlan(page);
    await page.getByText('Only admins see the roster plan').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('that was never drawn up is drawn up with a press, which changes nothing', async () => {
    const { page, complaints } = await asAdmin();
    // The schedule compares as soon as the stack is up, so the state before is given.
    await page.route('**/api/admin/roster-plan', (route) => route.fulfill({ json: { plan: null } }));
    await page.goto(`${stack().url}/roster-plan`);
    await page.getByText('No plan yet').waitFor();
    await picture(page, 'roster-plan-none-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    const before = platform().model.platform.teamAssignments();
    await page.unroute('**/api/admin/roster-plan');
    await page.getByRole('button', { name: 'Compare now' }).click();
    await page.getByRole('region', { name: 'The plan in numbers' }).waitFor();
    expect(platform().model.platform.teamAssignments()).toEqual(before);
    expect(complaints).toEqual([]);
  });

  it('says so when both sides are in step', async () => {
    await inStep();
    const { page } = await asAdmin();
    await openPlan(page);
    await page.getByText('Matches.').waitFor();
    await page.getByText('Nothing in this plan waits for an answer.').waitFor();
    await picture(page, 'roster-plan-in-step-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('holds what would empty a team, shows it to a phone, and goes on once an admin confirms it', async () => {
    const made = teamViewSchema.parse(
      (
        await coach('POST', '/api/teams', {
          body: { name: 'Harbor Hex', affiliation: 'Harbor Middle School', division: 'high_school' },
        })
      ).body,
    );
    await until(
      async () => teamViewSchema.parse((await coach('GET', `/api/teams/${made.id}`)).body),
      ({ badge }) => badge.state === 'synced',
      'the new team',
    );
    const [missing = '', ...wrong] = await membersOf(largest.id);
    moveThere(missing, null);
    for (const id of wrong.slice(0, 2)) moveThere(id, made.id);
    await runJob(admin, 'roster_reconcile');
    expect(await plan()).toMatchObject({ status: 'stopped', removals: 2 });

    const phone = await asAdmin(PHONE);
    await openPlan(phone.page);
    await removalsOf(phone.page).getByText('Stopped').first().waitFor();
    await expectNoSidewaysScroll(phone.page);
    await picture(phone.page, 'roster-plan-phone');
    expect(await accessibilityProblems(phone.page)).toEqual([]);

    const { page, complaints } = await asAdmin();
    await page
      .getByRole('link', { name: /^Roster plan.+2.+wait for you/ })
      .first()
      .click();
    await page.getByText('2 changes wait for you.').waitFor();
    const guards = page.getByRole('region', { name: 'Guards' });
    await guards.getByText('The plan would empty the team Harbor Hex (2 of 2 members).').waitFor();
    await removalsOf(page)
      .getByRole('row', { name: /Harbor Hex/ })
      .first()
      .waitFor();
    await page.getByText('1 addition', { exact: true }).click();
    await page.getByRole('table', { name: 'Additions' }).getByText('Done').waitFor();
    await picture(page, 'roster-plan-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await expectNoSidewaysScroll(page);

    const answer = answerOf(page);
    await answer.getByText('Missing: a reason, and the number 2.').waitFor();
    const confirm = answer.getByRole('button', { name: 'Confirm all 2' });
    await confirm.press('Enter');
    await answer.getByLabel('Reason, for the audit log').and(page.locator(':focus')).waitFor();
    await answer.getByLabel('Reason, for the audit log').fill('The vendor put them there by mistake');
    await answer.getByLabel('Type 2 to confirm all removals').fill('3');
    await confirm.press('Enter');
    await answer.getByText('That is not the number: 2 people would be taken off a team.').waitFor();
    await picture(page, 'roster-plan-answer-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await answer.getByLabel('Type 2 to confirm all removals').fill('2');
    await confirm.click();
    await answer.getByText('All of it is confirmed').waitFor();
    await answer.getByText('The vendor put them there by mistake').waitFor();
    await page.getByText('The platform has confirmed what was handed over.').waitFor();
    expect(await removalsOf(page).getByText('Done').count()).toBe(2);
    await picture(page, 'roster-plan-confirmed-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('is a file for spreadsheets, too', async () => {
    const { page } = await asAdmin();
    await openPlan(page);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'CSV' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/^roster-plan-.+\.csv$/);
    const text = await readFile(await file.path(), 'utf8');
    expect(text).toContain('Harbor Hex');
  });

  it('cannot be confirmed once a roster was edited, and says what to do', async () => {
    await inStep();
    const [id = ''] = await membersOf(largest.id);
    moveThere(id, null);
    await runJob(admin, 'roster_reconcile', { dryRun: true });
    const [row] = (await plan()).rows;
    const { page } = await asAdmin();
    await openPlan(page);
    await page.getByText('A plan only.').waitFor();
    await picture(page, 'roster-plan-trial-desktop');
    await coach('DELETE', `/api/teams/${largest.id}/members/${row?.competitorId ?? ''}`);
    const answer = answerOf(page);
    await answer.getByLabel('Reason, for the audit log').fill('Looked right a minute ago');
    await answer.getByRole('button', { name: 'Apply the plan (1)' }).click();
    const alert = answer.getByRole('alert');
    await alert.getByText('Something changed since this plan').waitFor();
    await picture(page, 'roster-plan-world-changed-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await alert.getByRole('button', { name: 'Compare again' }).click();
    await page.getByText('Matches.').waitFor();
  });

  it('is left as it is when the platform’s list is cut short, which is said', async () => {
    const { page } = await asAdmin();
    await openPlan(page);
    await page.getByText('Matches.').waitFor();
    const { faults } = platform();
    const fault = faults.add({ kind: 'shortAssignments', endpoint: 'GET /users/get_team_assignments' });
    try {
      await page.getByRole('button', { name: 'Compare again' }).click();
      const alert = page.getByRole('alert');
      await alert.getByText('The platform’s list could not be trusted. Nothing was changed.').waitFor();
      await page.getByText('Matches.').waitFor();
      await picture(page, 'roster-plan-failed-desktop');
      expect(await accessibilityProblems(page)).toEqual([]);
    } finally {
      faults.remove(fault);
    }
  });

  it('that could not be loaded is never shown as none', async () => {
    const { page } = await asAdmin();
    await page.route('**/api/admin/roster-plan', (route) =>
      route.fulfill({
        status: 503,
        contentType: 'application/json',
        body: '{"message":"Service Unavailable"}',
      }),
    );
    await openPlan(page);
    await page.getByRole('alert').getByText('The roster plan could not be loaded').waitFor();
    expect(await page.getByText('No plan yet').count()).toBe(0);
    await page.unroute('**/api/admin/roster-plan');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('region', { name: 'The plan in numbers' }).waitFor();
  });
});
