import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { syncStateItem, totalsDueItem } from '#shared/score-sync/score-items.ts';
import type { SolveRef } from '#test/game-platform-simulator/operations.ts';
import { aCoach, aCompetitor, APPROVED_ACCOUNT, NO_ACCOUNT } from '#test/support/competitors.ts';
import type { History } from './history.ts';
import type { World } from './world.ts';

const COACHES = ['coa_1', 'coa_2'] as const;
const HOUR = 3_600;
/** Ids of given solves count from here, in ODL and in every event alike, so that they collide. */
const FIRST_SOLVE_ID = 20_001;

export interface Gift {
  readonly person: string;
  readonly ref: SolveRef;
  readonly at: number;
}

/** A program as a history needs it: who and what there is, and what the platform was given. */
export class Program {
  readonly people: readonly string[];
  readonly newcomers: readonly string[];
  /** The one of the first people whose account waits for the platform's decision. */
  readonly undecided: string;
  readonly teams: string[] = [];
  readonly gifts: Gift[] = [];
  /** Team by person, as the coach was last told that it is; undefined where the answer was lost. */
  readonly wishes = new Map<string, string | null | undefined>();
  /** People whose deletion was confirmed. */
  readonly erased = new Set<string>();
  /** When the last solve that the platform hides will show, Unix seconds. */
  quietFrom = 0;
  event: { readonly key: string; readonly start: number; readonly end: number } | undefined;
  readonly #world: World;
  readonly #counts = new Map<string, number>();

  constructor(world: World, history: History) {
    this.#world = world;
    this.people = Array.from(
      { length: history.people },
      (_, index) => `cmp_${String.fromCharCode(97 + index)}`,
    );
    this.newcomers = this.people.slice(this.people.length - history.newcomers);
    this.undecided = this.people[this.people.length - history.newcomers - 1] ?? '';
  }

  personOf(index: number): string {
    return this.people[index % this.people.length] ?? '';
  }

  teamOf(index: number): string {
    return this.teams[index % this.teams.length] ?? 'team_none';
  }

  coachOf(person: string): string {
    return COACHES[this.people.indexOf(person) % 2] ?? COACHES[0];
  }

  /** Puts a solve on the platform, if it knows the person. `at` in Unix seconds. */
  solve(person: string, at: number, lateSeconds: number, inEvent: boolean): boolean {
    const { model } = this.#world.vendor;
    const { event } = this;
    if (!model.platform.knows(person) || (inEvent && event === undefined)) return false;
    const source = inEvent ? 'flash_ctf' : 'odl';
    const key = inEvent ? (event?.key ?? '') : '';
    const time = inEvent && event !== undefined ? Math.min(Math.max(at, event.start), event.end - 1) : at;
    if (time > this.#world.nowUnix) return false;
    const counter = `${person} ${key}`;
    const count = this.#counts.get(counter) ?? 0;
    this.#counts.set(counter, count + 1);
    const { ref } = model.addSolve({
      synedUserId: person,
      source,
      event: key,
      at: time,
      visibleFrom: this.#world.nowUnix + lateSeconds,
      solve: {
        challenge_solve_id: FIRST_SOLVE_ID + count,
        challenge_id: 100 + count,
        challenge_points: 50 + 25 * (count % 8),
        challenge_category: ['crypto', 'osint', 'binexp', 'web'][count % 4] ?? 'misc',
        challenge_title: `Challenge ${count}`,
      },
    });
    this.quietFrom = Math.max(this.quietFrom, this.#world.nowUnix + lateSeconds);
    this.gifts.push({ person, ref, at: time });
    return true;
  }

  /** People, teams and solves before anything goes wrong. */
  async begin(history: History): Promise<void> {
    const { table, vendor, turns } = this.#world;
    const competitors = createCompetitorRepository(table);
    const { coaches } = createIdentityRepository(table);
    for (const [index, id] of COACHES.entries())
      await coaches.put(aCoach({ id, email: `coach${index}@example.org` }));
    for (const person of this.people) {
      const isNew = this.newcomers.includes(person);
      const status = person === this.undecided ? 'pending_approval' : 'approved';
      const account = isNew
        ? { gamePlatformId: null, platform: NO_ACCOUNT }
        : { gamePlatformId: person, platform: { ...APPROVED_ACCOUNT, accountStatus: status } as const };
      const lastName = `Zq${person.replace('_', '')}`;
      const coachId = this.coachOf(person);
      const email = `${person}@people.example.org`;
      await competitors.put(aCompetitor({ id: person, coachId, lastName, email, ...account }));
      if (isNew) continue;
      const enrolledAt = this.#world.nowUnix - 24 * HOUR * 20;
      vendor.model.enrol({
        synedUserId: person,
        firstName: 'Mira',
        lastName,
        email,
        profile: 'inactive',
        enrolledAt,
        status,
      });
      const gamePlatformId = person;
      const Item = syncStateItem({
        competitorId: person,
        coachId,
        gamePlatformId,
        cursorUnix: 0,
        lastReadAt: null,
        lastFlashReadAt: null,
        lastFailure: null,
      });
      await table.client.send(new PutCommand({ TableName: table.name, Item }));
      const due = totalsDueItem({ competitorId: person, coachId, mark: 'onboarded' });
      await table.client.send(new PutCommand({ TableName: table.name, Item: due }));
      for (let solve = 0; solve < 3 + (history.seed % 3); solve += 1) {
        const hours = 2 + Math.floor(turns.random() * 140);
        this.solve(person, this.#world.nowUnix - hours * HOUR, 0, false);
      }
    }
  }
}
