import { randomUUID, timingSafeEqual, createHash } from 'node:crypto';
import type { CognitoUser } from '../cognito/cognito-local.ts';
import type { UserDirectory } from '../cognito/user-directory.ts';

export type SignInResult =
  | { readonly kind: 'signedIn'; readonly username: string }
  | { readonly kind: 'newPasswordRequired'; readonly challenge: string }
  | { readonly kind: 'refused'; readonly message: string };

export type NewPasswordResult =
  | { readonly kind: 'signedIn'; readonly username: string }
  | { readonly kind: 'again'; readonly message: string }
  | { readonly kind: 'expired' };

const CHALLENGE_LIFE_MS = 3 * 60_000;
/** The same words whether the person exists, is disabled or mistyped, as with `preventUserExistenceErrors`. */
const WRONG = 'Incorrect username or password.';

/** Passwords and the change of a temporary one. cognito-local lets disabled people in and asks no temporary password. */
export class SignIn {
  readonly #directory: UserDirectory;
  readonly #now: () => number;
  readonly #challenges = new Map<
    string,
    { readonly poolId: string; readonly username: string; readonly until: number }
  >();

  constructor(directory: UserDirectory, now: () => number) {
    this.#directory = directory;
    this.#now = now;
  }

  async withPassword(poolId: string, email: string, password: string): Promise<SignInResult> {
    const user = await this.#directory.find(poolId, email);
    const right = sameText(user?.Password ?? '', password) && password !== '';
    if (user === undefined || !right || !user.Enabled) return { kind: 'refused', message: WRONG };
    switch (user.UserStatus) {
      case 'CONFIRMED':
        return { kind: 'signedIn', username: user.Username };
      case 'FORCE_CHANGE_PASSWORD':
        return { kind: 'newPasswordRequired', challenge: this.#challenge(poolId, user.Username) };
      case 'RESET_REQUIRED':
        return { kind: 'refused', message: 'Password reset required for the user.' };
      default:
        return { kind: 'refused', message: WRONG };
    }
  }

  async withNewPassword(
    challenge: string,
    password: string,
    again: string,
    minimumLength: number,
  ): Promise<NewPasswordResult> {
    const open = this.#challenges.get(challenge);
    if (open === undefined || open.until < this.#now()) return { kind: 'expired' };
    const fault = passwordFault(password, again, minimumLength);
    if (fault !== undefined) return { kind: 'again', message: fault };
    this.#challenges.delete(challenge);
    const user = await this.#directory.find(open.poolId, open.username);
    if (user?.Enabled !== true) return { kind: 'expired' };
    await this.#directory.save(open.poolId, { ...user, Password: password, UserStatus: 'CONFIRMED' });
    return { kind: 'signedIn', username: user.Username };
  }

  /** Someone who may still have tokens. */
  async current(poolId: string, username: string): Promise<CognitoUser | undefined> {
    const user = await this.#directory.find(poolId, username);
    return user?.Enabled === true && user.UserStatus === 'CONFIRMED' ? user : undefined;
  }

  #challenge(poolId: string, username: string): string {
    const now = this.#now();
    for (const [id, { until }] of this.#challenges) if (until < now) this.#challenges.delete(id);
    const id = randomUUID();
    this.#challenges.set(id, { poolId, username, until: now + CHALLENGE_LIFE_MS });
    return id;
  }
}

/** Every kind of character, as Cognito's default policy has it. */
function passwordFault(password: string, again: string, minimumLength: number): string | undefined {
  if (password !== again) return 'The two passwords differ.';
  const long = password.length >= minimumLength && password.length <= 256;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].every((kind) => kind.test(password));
  return long && kinds ? undefined : 'The password does not follow the rules below.';
}

function sameText(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
