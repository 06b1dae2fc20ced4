import type { UserCreate, UserResponse } from '#shared/game-platform/vendor-contract.ts';
import { GamePlatformError, type GamePlatformErrorCode } from '#shared/game-platform/game-platform-error.ts';
import type { CallOptions, GamePlatform } from '#shared/game-platform/game-platform.ts';

/** How one call goes: `lost` is carried out over there, but its answer never comes. */
export type Fault = GamePlatformErrorCode | { readonly lost: GamePlatformErrorCode };

/** What the vendor's own sentence may hold; it must never be seen on our side. */
export const VENDOR_TEXT = 'user mira@example.org (Mira Okafor) was refused';

export interface PlatformCall {
  readonly endpoint: 'getUser' | 'createUser';
  readonly id: string;
  readonly budgetMs: number | undefined;
}

/**
 * Accounts as the platform keeps them. It takes every create, also a second one for the same id, so that a test sees
 * when one is sent that should not be.
 */
export class AccountPlatform implements Pick<GamePlatform, 'getUser' | 'createUser'> {
  readonly accounts: UserCreate[] = [];
  readonly calls: PlatformCall[] = [];
  /** Faults of the next calls, one each; undefined: it works. */
  faults: (Fault | undefined)[] = [];
  /** Email addresses that belong to somebody else there. */
  readonly knownEmails = new Set<string>();
  status = 'pending_approval';
  lastLoginUnix: number | null = null;
  /** Whether answers carry the account's address, which the published definition does not have. */
  tellsEmail = false;
  /** Runs before each call, for delays and for what others do meanwhile. */
  before: (call: PlatformCall) => Promise<void> = () => Promise.resolve();

  readonly getUser = (id: string, options: CallOptions = {}): Promise<UserResponse | null> =>
    this.#answer({ endpoint: 'getUser', id, budgetMs: options.budgetMs }, () => {
      const account = this.accounts.find(({ syned_user_id }) => syned_user_id === id);
      return account === undefined ? null : this.#response(account);
    });

  readonly createUser = (user: UserCreate, options: CallOptions = {}): Promise<UserResponse> =>
    this.#answer({ endpoint: 'createUser', id: user.syned_user_id, budgetMs: options.budgetMs }, (call) => {
      if (this.knownEmails.has(user.email)) throw this.#error(call, 'ALREADY_EXISTS');
      this.accounts.push(user);
      return this.#response(user);
    });

  accountsOf(id: string): UserCreate[] {
    return this.accounts.filter(({ syned_user_id }) => syned_user_id === id);
  }

  async #answer<T>(call: PlatformCall, work: (call: PlatformCall) => T): Promise<T> {
    this.calls.push(call);
    const fault = this.faults.shift();
    await this.before(call);
    if (typeof fault === 'string') throw this.#error(call, fault);
    const answer = work(call);
    if (fault !== undefined) throw this.#error(call, fault.lost);
    return answer;
  }

  #error(call: PlatformCall, code: GamePlatformErrorCode): GamePlatformError {
    const retryAfterMs = code === 'THROTTLED' ? { retryAfterMs: 7_200 } : {};
    return new GamePlatformError(null, code, VENDOR_TEXT, {
      endpoint: call.endpoint,
      attempts: 1,
      ...retryAfterMs,
    });
  }

  #response(account: UserCreate): UserResponse {
    return {
      metactf_user_id: 4711,
      metactf_username: account.first_name.toLowerCase(),
      syned_user_id: account.syned_user_id,
      metactf_user_status: this.status,
      last_login_unix_timestamp: this.lastLoginUnix,
      ...(this.tellsEmail ? { email: account.email.toUpperCase() } : {}),
    };
  }
}
