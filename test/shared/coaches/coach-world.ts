import { createChangeCoach } from '#shared/coaches/change-coach.ts';
import { createCreateCoach } from '#shared/coaches/create-coach.ts';
import type { SignIns } from '#shared/coaches/sign-ins.ts';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { keys } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { itemsOf } from '#test/support/dynamodb.ts';

export class Died extends Error {}

/** The process dies at this call: before it reaches the other side, or after it was carried out there. */
export interface Crash {
  readonly at: number;
  readonly side: 'before' | 'after';
}

interface Person {
  readonly sub: string;
  enabled: boolean;
  invited: boolean;
  readonly createdAt: Date;
  readonly groups: Set<string>;
  letters: number;
  signedOut: number;
}

export const DOER = { sub: 'ines', actingAs: null, requestId: 'req-1' } as const;
export const NADIA = {
  name: 'Nadia Brandt',
  email: 'Nadia@Cedar.example.org',
  school: 'Cedar Hollow School',
};

/** Coaches on a real table and a user pool in memory, with a clock that moves only when told to. */
export class CoachWorld {
  now = new Date('2026-11-25T18:00:00.000Z');
  readonly people = new Map<string, Person>();
  readonly rows;
  readonly #table: Table;
  #ids = 0;

  constructor(table: Table) {
    this.#table = table;
    this.rows = createIdentityRepository(table);
  }

  person(email: string): Person {
    const found = this.people.get(email);
    if (found === undefined) throw new Error('There is no such sign-in.');
    return found;
  }

  addPerson(email: string, facts: Partial<Person> = {}): Person {
    const person: Person = {
      sub: `sub-${this.people.size + 1}`,
      enabled: true,
      invited: true,
      createdAt: this.now,
      groups: new Set(),
      letters: 1,
      signedOut: 0,
      ...facts,
    };
    this.people.set(email, person);
    return person;
  }

  readonly #signIns: SignIns = {
    byEmail: (email) => {
      const found = this.people.get(email);
      return Promise.resolve(found === undefined ? undefined : { ...found, groups: [...found.groups] });
    },
    invite: (email) => Promise.resolve(this.people.has(email) ? undefined : this.addPerson(email).sub),
    inviteAgain: (email) => {
      this.person(email).letters += 1;
      return Promise.resolve();
    },
    admit: (email, group) => {
      this.person(email).groups.add(group);
      return Promise.resolve();
    },
    switchOff: (email) => {
      const person = this.people.get(email);
      if (person !== undefined) Object.assign(person, { enabled: false, signedOut: person.signedOut + 1 });
      return Promise.resolve();
    },
    switchOn: (email) => {
      const person = this.people.get(email);
      if (person !== undefined) person.enabled = true;
      return Promise.resolve();
    },
  };

  /** One process: its use cases, and how many calls it made. */
  process(crash?: Crash) {
    let calls = 0;
    let died = false;
    const step =
      <A extends readonly unknown[], T>(effect: (...args: A) => Promise<T>) =>
      async (...args: A): Promise<T> => {
        const mine = calls;
        calls += 1;
        if (crash?.at === mine && crash.side === 'before') died = true;
        if (died) throw new Died();
        const answer = await effect(...args);
        if (crash?.at === mine) died = true;
        if (died) throw new Died();
        return answer;
      };
    const audit = createAuditRepository(this.#table);
    const { coaches, identities } = this.rows;
    const signIns = this.#signIns;
    const common = {
      coachById: step(coaches.byId),
      now: () => this.now,
      newId: (prefix: string) => {
        this.#ids += 1;
        return `${prefix}_${this.#ids}`;
      },
    };
    const create = createCreateCoach({
      ...common,
      signIns: {
        byEmail: step(signIns.byEmail),
        invite: step(signIns.invite),
        inviteAgain: step(signIns.inviteAgain),
        admit: step(signIns.admit),
      },
      identityBySub: step(identities.bySub),
      create: step(async (coach, identity, entry) =>
        coaches.create(coach, identity, [await audit.appendTransaction(entry)]),
      ),
    });
    const change = createChangeCoach({
      ...common,
      signIns: { switchOff: step(signIns.switchOff), switchOn: step(signIns.switchOn) },
      change: step(async (coachId, fields, entry) =>
        coaches.change(coachId, fields, [await audit.appendTransaction(entry)]),
      ),
    });
    return {
      create: (idempotencyId?: string) => create({ input: NADIA, actor: DOER, idempotencyId }),
      change: (coachId: string, patch: Parameters<typeof change>[1]) => change(coachId, patch, DOER),
      calls: () => calls,
    };
  }

  async auditLines() {
    const lines = await itemsOf(this.#table, keys.audit('2026-11-25', '', '').pk);
    return lines.map(({ action, details }) => ({ action: String(action), details }));
  }
}
