import type { CallPurpose } from './budget/purposes.ts';
import type { CallOptions, GamePlatform } from './game-platform.ts';

/** The same client, its calls counted as `purpose` unless they say otherwise. */
export function withPurpose(platform: GamePlatform, purpose: CallPurpose): GamePlatform {
  const as = (options: CallOptions | undefined): CallOptions => ({ purpose, ...options });
  return {
    getUser: (user, options) => platform.getUser(user, as(options)),
    createUser: (user, options) => platform.createUser(user, as(options)),
    createTeam: (team, options) => platform.createTeam(team, as(options)),
    deleteTeam: (team, options) => platform.deleteTeam(team, as(options)),
    assignTeam: (user, team, options) => platform.assignTeam(user, team, as(options)),
    deleteAssignment: (user, options) => platform.deleteAssignment(user, as(options)),
    getTeamAssignments: (team, options) => platform.getTeamAssignments(team, as(options)),
    getOdlScores: (user, after, options) => platform.getOdlScores(user, after, as(options)),
    getFlashCtfProgress: (user, options) => platform.getFlashCtfProgress(user, as(options)),
    sendPasswordReset: (user, options) => platform.sendPasswordReset(user, as(options)),
  };
}

/** The client for score reads: Flash CTFs are counted apart. */
export const forScores = (platform: GamePlatform): GamePlatform => ({
  ...withPurpose(platform, 'score_sync'),
  getFlashCtfProgress: (user, options) =>
    platform.getFlashCtfProgress(user, { purpose: 'flash', ...options }),
});
