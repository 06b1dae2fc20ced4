import type { Competitor } from '#shared/competitors/competitor.ts';
import type { Coach } from '#shared/identity/identity.ts';
import {
  createOnboardCompetitor,
  type OnboardOutcome,
  type OnboardRequest,
} from '#shared/onboarding/onboard-competitor.ts';
import { createDynamoOnboarding } from '#shared/composition/onboarding.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { keys } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';
import { aCoach, aCompetitor } from '#test/support/competitors.ts';
import { itemsOf } from '#test/support/dynamodb.ts';
import { AccountPlatform } from './account-platform.ts';

/** The process dies at this await: nothing it does from then on has any effect. */
export interface Crash {
  /** 0: at the first call to the table or the platform. */
  readonly at: number;
  /** Before the call reaches the other side, or after it was carried out there. */
  readonly side: 'before' | 'after';
}

export class Died extends Error {}

export const BY_COACH: OnboardRequest['by'] = {
  kind: 'user',
  actor: { sub: 'sub-1', actingAs: null, requestId: 'req-1' },
};

/** Onboarding on a real table and a platform in memory, with a clock that moves only when told to. */
export class OnboardingWorld {
  now = new Date('2026-11-19T20:00:00.000Z');
  readonly platform = new AccountPlatform();
  readonly #log = recordingLog();
  readonly lines = this.#log.lines;
  readonly competitors;
  readonly coaches;
  readonly table: Table;
  #ids = 0;

  constructor(table: Table) {
    this.table = table;
    this.competitors = createCompetitorRepository(table);
    this.coaches = createIdentityRepository(table).coaches;
  }

  async settle(competitor: Partial<Competitor> = {}, coach: Partial<Coach> = {}): Promise<this> {
    await this.coaches.put(aCoach(coach));
    await this.competitors.put(aCompetitor(competitor));
    return this;
  }

  /** One process: its use case, and how many calls it made. */
  process(crash?: Crash) {
    let calls = 0;
    let died = false;
    const step = async <T>(effect: () => Promise<T>): Promise<T> => {
      if (died) throw new Died();
      const mine = calls;
      calls += 1;
      if (crash?.at === mine && crash.side === 'before') died = true;
      if (died) throw new Died();
      const answer = await effect().catch((error: unknown) => {
        if (crash?.at === mine) died = true;
        throw error;
      });
      if (crash?.at === mine) died = true;
      if (died) throw new Died();
      return answer;
    };
    const { client } = this.table;
    const table = {
      name: this.table.name,
      client: {
        send: (command: unknown) => step<unknown>(() => client.send(command as never)),
      },
    } as unknown as Table;
    const { platform } = this;
    const onboard = createOnboardCompetitor(
      createDynamoOnboarding({
        table,
        platform: {
          getUser: (id, options) => step(() => platform.getUser(id, options)),
          createUser: (user, options) => step(() => platform.createUser(user, options)),
        },
        log: this.#log.log,
        now: () => this.now,
        newId: (prefix) => {
          this.#ids += 1;
          return `${prefix}_${this.#ids}`;
        },
        sleep: (ms) => {
          this.now = new Date(this.now.getTime() + ms);
          return new Promise((resolve) => {
            setTimeout(resolve, 1);
          });
        },
      }),
    );
    return { onboard, calls: () => calls };
  }

  onboard(request: Partial<OnboardRequest> = {}): Promise<OnboardOutcome> {
    return this.process().onboard({
      competitorId: 'cmp_1',
      by: BY_COACH,
      remainingMs: () => 20_000,
      ...request,
    });
  }

  /** True when the process died on the way. */
  async onboardUntil(crash: Crash): Promise<boolean> {
    const { onboard } = this.process(crash);
    try {
      await onboard({ competitorId: 'cmp_1', by: BY_COACH, remainingMs: () => 20_000 });
      return false;
    } catch (error) {
      if (error instanceof Died) return true;
      throw error;
    }
  }

  later(seconds: number): void {
    this.now = new Date(this.now.getTime() + seconds * 1000);
  }

  /** What is left when all is said and done, without times and ids of audit events. */
  async endState() {
    const competitor = await this.competitors.byId('cmp_1', { consistent: true });
    const coach = await this.coaches.byId('coa_1');
    const activity = await itemsOf(this.table, keys.activity('coa_1', '', '').pk);
    const audit = await itemsOf(this.table, keys.audit('2026-11-19', '', '').pk);
    const syncState = await itemsOf(this.table, keys.syncState('cmp_1').pk);
    const totalsDue = await itemsOf(this.table, keys.totalsDuePartition);
    return {
      version: competitor?.version,
      gamePlatformId: competitor?.gamePlatformId,
      username: competitor?.platform.username,
      accountStatus: competitor?.platform.accountStatus,
      refusal: competitor?.platform.refusal?.code ?? null,
      coachPlatformId: coach?.gamePlatformId,
      activity: activity.map((item) => item['kind']),
      audit: audit.map((item) => item['action']),
      syncState: syncState.map(({ competitorId, coachId, gamePlatformId, cursorUnix, lastReadAt }) => ({
        competitorId,
        coachId,
        gamePlatformId,
        cursorUnix,
        lastReadAt,
      })),
      totalsDue: totalsDue.map((item) => item['competitorId']),
      accounts: this.platform.accounts.map((account) => [account.role, account.syned_user_id]),
    };
  }
}
