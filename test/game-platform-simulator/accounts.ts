import type { AccountStatus, Operation, StatusChange, TeamRecord, UserRecord } from './operations.ts';

interface Membership {
  readonly at: number;
  readonly teamId: string | null;
}

export class Account {
  readonly memberships: Membership[] = [];
  /** Everything solved up to this moment is gone (Unix seconds); undefined: nothing is. */
  droppedUntil: number | undefined;
  /** Rises whenever something changes that the solves follow from. */
  version = 0;
  private decided: readonly StatusChange[];

  constructor(
    readonly user: UserRecord,
    statuses: readonly StatusChange[],
  ) {
    this.decided = statuses.toSorted((a, b) => a.at - b.at);
  }

  /** Past and coming states, in order. */
  get statuses(): readonly StatusChange[] {
    return this.decided;
  }

  statusAt(unix: number): AccountStatus {
    return this.decided.findLast(({ at }) => at <= unix)?.status ?? 'user_created';
  }

  /** First moment from which the account is approved, whether or not it stays so. */
  get approvedFrom(): number | undefined {
    return this.decided.find(({ status }) => status === 'approved')?.at;
  }

  setStatus(change: StatusChange): void {
    const { at, status } = change;
    this.decided = [...this.decided.filter((earlier) => earlier.at <= at), { at, status }];
    this.version += 1;
  }

  join(membership: Membership): void {
    this.memberships.push(membership);
    this.version += 1;
  }

  get teamId(): string | null {
    return this.memberships.at(-1)?.teamId ?? null;
  }
}

/** Users, teams and who is on which, as the operations left them. */
export class Accounts {
  readonly users = new Map<string, Account>();
  readonly teams = new Map<string, TeamRecord>();
  private readonly emails = new Set<string>();
  private readonly usernames = new Set<string>();
  /** Last number given to each plain user name, so that finding a free one does not begin anew. */
  private readonly namesakes = new Map<string, number>();
  private usersEver = 0;
  private teamsEver = 0;

  apply(operation: Operation): void {
    switch (operation.op) {
      case 'user': {
        const known = this.users.get(operation.user.synedUserId);
        if (known !== undefined) {
          this.emails.delete(known.user.email.toLowerCase());
        } else {
          this.usersEver += 1;
        }
        const account = new Account(operation.user, operation.statuses);
        for (const membership of known?.memberships ?? []) {
          account.join(membership);
        }
        account.droppedUntil = known?.droppedUntil;
        account.version += 1 + (known?.version ?? 0);
        this.users.set(operation.user.synedUserId, account);
        this.emails.add(operation.user.email.toLowerCase());
        this.usernames.add(operation.user.username);
        break;
      }
      case 'status':
        this.users.get(operation.userId)?.setStatus(operation);
        break;
      case 'team':
        this.teamsEver += this.teams.has(operation.team.synedTeamId) ? 0 : 1;
        this.teams.set(operation.team.synedTeamId, operation.team);
        break;
      case 'teamDeleted':
        this.teams.delete(operation.teamId);
        break;
      case 'membership':
        this.users.get(operation.userId)?.join({ at: operation.at, teamId: operation.teamId });
        break;
      case 'scoresDropped': {
        const account = this.users.get(operation.userId);
        if (account !== undefined) {
          account.droppedUntil = operation.at;
        }
        break;
      }
      default:
        break;
    }
  }

  nextUserId(): number {
    return 10_001 + this.usersEver;
  }

  nextTeamId(): number {
    return 701 + this.teamsEver;
  }

  knowsEmail(email: string): boolean {
    return this.emails.has(email.toLowerCase());
  }

  /** A user name in the platform's style that is still free. */
  freeUsername(firstName: string, lastName: string): string {
    const plain = `${firstName}.${lastName}`
      .normalize('NFD')
      .replaceAll(/[^\w.]/g, '')
      .toLowerCase();
    let candidate = plain;
    let count = this.namesakes.get(plain) ?? 1;
    while (this.usernames.has(candidate)) {
      count += 1;
      candidate = `${plain}${count}`;
    }
    this.namesakes.set(plain, count);
    return candidate;
  }

  membersOf(teamId: string): Account[] {
    return [...this.users.values()].filter((account) => account.teamId === teamId);
  }
}
