/** What was asked and when: ids and times only, never names or bodies. */

export interface LoggedRequest {
  readonly sequence: number;
  readonly method: string;
  /** Below the base URL, without the query. */
  readonly path: string;
  readonly synedUserId: string | undefined;
  readonly synedTeamId: string | undefined;
  /** The coach of a team that is to be made. */
  readonly synedCoachUserId: string | undefined;
  readonly afterTimeUnix: string | undefined;
  /** What came as a bearer token: the right one, another, or none. */
  readonly token: 'right' | 'wrong' | 'none';
  readonly hasBody: boolean;
  /** As told in `User-Agent`. */
  readonly caller: string;
  /** Milliseconds since 1970, by the machine's clock. */
  readonly startedAt: number;
  /** Undefined while the call is in flight: being answered, or still worked on after the caller gave up. */
  endedAt: number | undefined;
  /** When the connection was done with; earlier than the end where the caller gave up. Undefined before. */
  closedAt: number | undefined;
  /** When the platform did what was asked, whatever the caller saw of it; undefined when it did not. */
  doneAt: number | undefined;
  /** Milliseconds since 1970 until which `Retry-After` asked to wait; undefined without one. */
  retryAfterAt: number | undefined;
  /** What the caller saw; 0 when no whole answer went out. */
  status: number;
  /** Calls in flight for the same user when this one began, this one included; 0 without a user. */
  readonly inFlightForUser: number;
  readonly inFlight: number;
  faults: readonly string[];
}

export type RequestStart = Pick<
  LoggedRequest,
  | 'method'
  | 'path'
  | 'synedUserId'
  | 'synedTeamId'
  | 'synedCoachUserId'
  | 'afterTimeUnix'
  | 'token'
  | 'hasBody'
  | 'caller'
>;

/** Kept at most; the oldest go first. */
const CAPACITY = 100_000;

export class RequestLog {
  private entries: LoggedRequest[] = [];
  private readonly perUser = new Map<string, number>();
  private running = 0;
  private sequence = 0;

  begin(start: RequestStart): LoggedRequest {
    const { synedUserId } = start;
    const forUser = synedUserId === undefined ? 0 : (this.perUser.get(synedUserId) ?? 0) + 1;
    if (synedUserId !== undefined) {
      this.perUser.set(synedUserId, forUser);
    }
    this.running += 1;
    this.sequence += 1;
    const entry: LoggedRequest = {
      ...start,
      sequence: this.sequence,
      startedAt: Date.now(),
      endedAt: undefined,
      closedAt: undefined,
      doneAt: undefined,
      retryAfterAt: undefined,
      status: 0,
      inFlightForUser: forUser,
      inFlight: this.running,
      faults: [],
    };
    this.entries.push(entry);
    if (this.entries.length > 2 * CAPACITY) {
      this.entries = this.entries.slice(-CAPACITY);
    }
    return entry;
  }

  end(entry: LoggedRequest, status: number): void {
    if (entry.endedAt !== undefined) {
      return;
    }
    entry.endedAt = Date.now();
    entry.status = status;
    this.running -= 1;
    if (entry.synedUserId !== undefined) {
      const left = (this.perUser.get(entry.synedUserId) ?? 1) - 1;
      if (left === 0) {
        this.perUser.delete(entry.synedUserId);
      } else {
        this.perUser.set(entry.synedUserId, left);
      }
    }
  }

  /** Those after a sequence number, oldest first. */
  since(sequence = 0): readonly LoggedRequest[] {
    return this.entries.slice(-CAPACITY).filter((entry) => entry.sequence > sequence);
  }

  clear(): void {
    this.entries = [];
  }
}
