import { GamePlatformError } from '#shared/game-platform/game-platform-error.ts';
import type { CallOptions, GamePlatform } from '#shared/game-platform/game-platform.ts';
import { NEW_TEAM, NEW_USER, USER } from './scripted-platform.ts';

/** Every method, called about `cmp_1` or `team_1`. */
export const CALLS: Readonly<
  Record<string, (client: GamePlatform, options?: CallOptions) => Promise<unknown>>
> = {
  getUser: (client, options) => client.getUser('cmp_1', options),
  createUser: (client, options) => client.createUser(NEW_USER, options),
  createTeam: (client, options) => client.createTeam(NEW_TEAM, options),
  deleteTeam: (client, options) => client.deleteTeam('team_1', options),
  assignTeam: (client, options) => client.assignTeam('cmp_1', 'team_1', options),
  deleteAssignment: (client, options) => client.deleteAssignment('cmp_1', options),
  getTeamAssignments: (client, options) => client.getTeamAssignments('team_1', options),
  getOdlScores: (client, options) => client.getOdlScores('cmp_1', 17, options),
  getFlashCtfProgress: (client, options) => client.getFlashCtfProgress('cmp_1', options),
  sendPasswordReset: (client, options) => client.sendPasswordReset('cmp_1', options),
};

export const user = (metactf_user_status: string) => ({
  status: 201,
  body: { ...USER, metactf_user_status },
});

export const failureOf = async (promise: Promise<unknown>): Promise<GamePlatformError> => {
  const error: unknown = await promise.then(
    (value) => new Error(`It worked: ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof GamePlatformError) return error;
  throw error;
};
