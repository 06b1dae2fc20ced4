import { GamePlatformError, type GamePlatformErrorCode } from '#shared/game-platform/game-platform-error.ts';
import type { GamePlatform } from '#shared/game-platform/game-platform.ts';
import { readRefusal } from '#shared/game-platform/refusal.ts';
import { endpointOf, type EndpointName } from '#shared/game-platform/endpoints.ts';
import { GamePlatformModel } from '#test/game-platform-simulator/model.ts';
import { PlatformRefusal } from '#test/game-platform-simulator/platform-refusal.ts';
import type { ContractRequest } from '#test/support/vendor-contract.ts';

/** How one call goes wrong: nothing is done over there, or it is done and the answer is lost. */
export interface PlatformFault {
  readonly code: GamePlatformErrorCode;
  readonly side: 'before' | 'after';
  /** Milliseconds, as in `Retry-After`. */
  readonly retryAfterMs?: number;
}

export type TeamCalls = Pick<
  GamePlatform,
  | 'getUser'
  | 'createUser'
  | 'createTeam'
  | 'deleteTeam'
  | 'assignTeam'
  | 'deleteAssignment'
  | 'getTeamAssignments'
>;

type Subject = Partial<Pick<ContractRequest, 'synedUserId' | 'synedTeamId' | 'synedCoachUserId'>>;

/** The simulator's model behind the product's own interface, with faults, and an eye on what is called when. */
export class TeamPlatform {
  readonly model: GamePlatformModel;
  /** Of the next calls, one each; null: it works. */
  faults: (PlatformFault | null)[] = [];
  /** Of the next calls of one endpoint, before the others. */
  faultsAt: Partial<Record<EndpointName, readonly (PlatformFault | null)[]>> = {};
  readonly calls: { readonly endpoint: EndpointName; readonly id: string | undefined }[] = [];
  /** The same calls as the platform's own log would have them. */
  readonly requests: ContractRequest[] = [];
  /** Faults that hit a call, as `endpoint CODE side`. */
  readonly hits: string[] = [];
  /** What must never happen, in words. */
  readonly offences: string[] = [];
  readonly #inFlight = new Set<string>();
  readonly #scoresRead = new Set<string>();
  #nextTeamList: 'short' | undefined;

  readonly #now: () => number;

  constructor(now: () => Date) {
    this.#now = () => now().getTime();
    this.model = new GamePlatformModel({ seed: 7, now: () => now().getTime() / 1000 });
  }

  scoresWereRead(userId: string): void {
    this.#scoresRead.add(userId);
  }

  /** The next list of assignments lacks its entries but not its count. */
  shortenNextList(): void {
    this.#nextTeamList = 'short';
  }

  /** Calls of an endpoint so far. */
  count(endpoint: EndpointName): number {
    return this.calls.filter((call) => call.endpoint === endpoint).length;
  }

  readonly api: TeamCalls = {
    getUser: (id) =>
      this.#call('getUser', { synedUserId: id }, () => {
        const { platform } = this.model;
        return platform.knows(id) ? platform.user(id) : null;
      }),
    createUser: (user) =>
      this.#call('createUser', { synedUserId: user.syned_user_id }, () =>
        this.model.platform.createUser(user),
      ),
    createTeam: (team) =>
      this.#call(
        'createTeam',
        { synedTeamId: team.syned_team_id, synedCoachUserId: team.syned_coach_user_id },
        () => this.model.platform.createTeam(team),
      ),
    deleteTeam: async (id) => {
      await this.#call('deleteTeam', { synedTeamId: id }, () => this.model.platform.deleteTeam(id));
    },
    assignTeam: (userId, teamId) =>
      this.#call('assignTeam', { synedUserId: userId, synedTeamId: teamId }, () => {
        this.#scoresRead.delete(userId);
        return this.model.platform.assignTeam(userId, teamId);
      }),
    deleteAssignment: async (userId) => {
      await this.#call('deleteAssignment', { synedUserId: userId }, () => {
        if (!this.#scoresRead.has(userId)) this.offences.push(`${userId} was taken off without a read`);
        return this.model.platform.deleteAssignment(userId);
      });
    },
    getTeamAssignments: (teamId) =>
      this.#call('getTeamAssignments', {}, () => {
        const answer = { ...this.model.platform.teamAssignments(teamId), unparsed: [], unplaced: [] };
        const short = this.#nextTeamList === 'short';
        this.#nextTeamList = undefined;
        return short ? { ...answer, assignments: [] } : answer;
      }),
  };

  async #call<T>(endpoint: EndpointName, about: Subject, work: () => T): Promise<T> {
    const id = about.synedUserId ?? about.synedTeamId;
    this.calls.push({ endpoint, id });
    const request = this.#log(endpoint, about);
    const fail = (code: GamePlatformErrorCode, status: number | null, retryAfterMs?: number) =>
      new GamePlatformError(status, code, code, {
        endpoint,
        attempts: 1,
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      });
    if (id !== undefined) {
      if (this.#inFlight.has(id)) this.offences.push(`two calls at once for ${id}`);
      this.#inFlight.add(id);
    }
    try {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      const [ofEndpoint, ...others] = this.faultsAt[endpoint] ?? [];
      if (ofEndpoint !== undefined) this.faultsAt = { ...this.faultsAt, [endpoint]: others };
      const fault = ofEndpoint === undefined ? (this.faults.shift() ?? null) : ofEndpoint;
      if (fault !== null) Object.assign(request, whatIsSeenOf(fault, this.#now()));
      if (fault !== null) this.hits.push(`${endpoint} ${fault.code} ${fault.side}`);
      if (fault?.side === 'before') throw fail(fault.code, null, fault.retryAfterMs);
      let answer: T;
      try {
        answer = work();
        request.doneAt = this.#now();
      } catch (error) {
        if (!(error instanceof PlatformRefusal)) throw error;
        request.status = error.status;
        throw fail(readRefusal(endpoint, error.status, { detail: error.detail }).code, error.status);
      }
      if (fault !== null) throw fail(fault.code, null);
      return answer;
    } finally {
      request.closedAt = this.#now();
      if (id !== undefined) this.#inFlight.delete(id);
    }
  }

  #log(endpoint: EndpointName, about: Subject) {
    const { method, path } = endpointOf(endpoint);
    const request = {
      method,
      path,
      synedUserId: undefined,
      synedTeamId: undefined,
      synedCoachUserId: undefined,
      ...about,
      afterTimeUnix: undefined,
      token: 'right' as const,
      hasBody: method === 'POST',
      caller: 'roster-worker',
      startedAt: this.#now(),
      endedAt: undefined,
      closedAt: undefined as number | undefined,
      doneAt: undefined as number | undefined,
      status: 200,
      retryAfterAt: undefined,
      inFlight: 1,
      faults: [],
    };
    this.requests.push(request);
    return request;
  }
}

/** What the platform's log shows of a call that went wrong so. */
function whatIsSeenOf({ code, retryAfterMs }: PlatformFault, now: number) {
  const status: Partial<Record<GamePlatformErrorCode, number>> = {
    TIMED_OUT: 0,
    UNAVAILABLE: 502,
    BAD_ANSWER: 200,
    THROTTLED: 429,
    NOT_APPROVED: 403,
  };
  return {
    status: status[code] ?? 400,
    faults: code === 'BAD_ANSWER' ? ['malformedJson'] : [],
    ...(retryAfterMs === undefined ? {} : { retryAfterAt: now + retryAfterMs }),
  };
}
