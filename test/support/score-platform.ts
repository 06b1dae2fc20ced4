import type {
  ChallengeSolve,
  FlashCtf,
  OdlScores,
  Unparsed,
  UserResponse,
} from '#shared/game-platform/vendor-contract.ts';
import { GamePlatformError, type GamePlatformErrorCode } from '#shared/game-platform/game-platform-error.ts';

/** A solve on the fake platform; it is shown from `visibleFrom` on (Unix seconds), which may be long after it happened. */
export interface PlatformSolve {
  readonly user: string;
  /** Index of the Flash CTF; null: ODL. */
  readonly event: number | null;
  readonly solveId: number;
  readonly at: number;
  readonly visibleFrom: number;
  readonly points: number;
  readonly title?: string;
}

export interface PlatformEvent {
  readonly name: string;
  readonly start: number;
  readonly end: number | null;
  /** As the platform names it; most answers do not. */
  readonly id?: string | undefined;
}

export interface PlatformCall {
  readonly endpoint: 'odl' | 'flash' | 'user';
  readonly user: string;
  readonly after: number | undefined;
}

const toSolve = (solve: PlatformSolve): ChallengeSolve => ({
  challenge_solve_id: solve.solveId,
  challenge_id: solve.solveId * 7,
  challenge_title: solve.title ?? `Challenge ${solve.solveId}`,
  challenge_points: solve.points,
  challenge_category: 'crypto',
  timestamp_unix: solve.at,
  challenge_retired: false,
  nist_nice_work_roles: [],
});

export const refusal = (code: GamePlatformErrorCode, status: number | null = null): GamePlatformError =>
  new GamePlatformError(status, code, `The platform refused: ${code}`, { endpoint: 'scores', attempts: 1 });

/** Scores as the platform shows them at a time; faults by user. */
export class ScorePlatform {
  readonly solves: PlatformSolve[] = [];
  readonly events: PlatformEvent[] = [];
  readonly calls: PlatformCall[] = [];
  readonly refusals = new Map<string, GamePlatformError>();
  readonly unparsed = new Map<string, Unparsed[]>();
  /** By user: parts of ODL answers that could not be read. */
  readonly oddParts = new Map<string, Partial<OdlScores>>();
  /** Accounts by the id that we gave them. */
  readonly users = new Map<string, UserResponse>();
  /** By user: how many more ODL solves the totals count than the list has. */
  readonly unlisted = new Map<string, number>();
  /** Last accesses later than the last solve, by user; Unix seconds. */
  readonly accessedAt = new Map<string, number>();
  /** Ranks in the events, by index; they move. */
  readonly ranks: number[] = [];
  nowUnix: () => number;
  tokenRefused = false;
  onCall: () => Promise<void> = () => Promise.resolve();

  constructor(nowUnix: () => number) {
    this.nowUnix = nowUnix;
  }

  /** Takes a solve back; true when there was one. */
  revoke(user: string, event: number | null, solveId: number): boolean {
    const index = this.solves.findIndex(
      (solve) => solve.user === user && solve.event === event && solve.solveId === solveId,
    );
    if (index !== -1) this.solves.splice(index, 1);
    return index !== -1;
  }

  /** Changes a solve's points, time or title. */
  correct(user: string, event: number | null, solveId: number, change: Partial<PlatformSolve>): void {
    const index = this.solves.findIndex(
      (solve) => solve.user === user && solve.event === event && solve.solveId === solveId,
    );
    const solve = this.solves[index];
    if (solve !== undefined) this.solves[index] = { ...solve, ...change };
  }

  #shown(user: string, event: number | null): PlatformSolve[] {
    return this.solves.filter(
      (solve) => solve.user === user && solve.event === event && solve.visibleFrom <= this.nowUnix(),
    );
  }

  async #called(call: PlatformCall): Promise<void> {
    this.calls.push(call);
    await this.onCall();
    if (this.tokenRefused) throw refusal('TOKEN_REFUSED', 401);
    const fault = this.refusals.get(call.user);
    if (fault !== undefined) throw fault;
  }

  async getUser(user: string): Promise<UserResponse | null> {
    await this.#called({ endpoint: 'user', user, after: undefined });
    return this.users.get(user) ?? null;
  }

  async getOdlScores(user: string, after?: number): Promise<OdlScores> {
    await this.#called({ endpoint: 'odl', user, after });
    const shown = this.#shown(user, null);
    const answered = shown.filter((solve) => after === undefined || solve.at > after);
    return {
      metactf_user_id: 1,
      total_challenges_solved: answered.length + (this.unlisted.get(user) ?? 0),
      total_points: answered.reduce((sum, solve) => sum + solve.points, 0),
      last_accessed_unix_timestamp: Math.max(this.accessedAt.get(user) ?? 0, ...shown.map(({ at }) => at)),
      category_points: {},
      challenge_solves: answered.map(toSolve),
      unparsed: this.unparsed.get(user) ?? [],
      ...this.oddParts.get(user),
    };
  }

  async getFlashCtfProgress(user: string) {
    await this.#called({ endpoint: 'flash', user, after: undefined });
    const flash_ctfs: FlashCtf[] = [];
    for (const [index, event] of this.events.entries()) {
      const shown = this.#shown(user, index);
      if (shown.length === 0) continue;
      flash_ctfs.push({
        flash_ctf_name: event.name,
        flash_ctf_time_start_unix: event.start,
        flash_ctf_time_end_unix: event.end,
        event_id: event.id,
        challenges_solved: shown.length,
        points_earned: shown.reduce((sum, solve) => sum + solve.points, 0),
        max_points_possible: 1000,
        rank: this.ranks[index] ?? 1,
        challenge_solves: shown.map(toSolve),
        unparsed: [],
      });
    }
    return { flash_ctfs, unparsed: [] };
  }
}
