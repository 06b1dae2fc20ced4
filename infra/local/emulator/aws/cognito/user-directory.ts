import type { CognitoLocal, CognitoPool, CognitoUser } from './cognito-local.ts';

/** The people of the pools, as the managed login needs them. */
export interface UserDirectory {
  /** By user name, email address in any case, or `sub`. */
  find(poolId: string, name: string): Promise<CognitoUser | undefined>;
  groupsOf(poolId: string, user: CognitoUser): Promise<readonly string[]>;
  save(poolId: string, user: CognitoUser): Promise<void>;
}

export function createUserDirectory(
  local: CognitoLocal,
  pools: ReadonlyMap<string, CognitoPool>,
): UserDirectory {
  const pool = (poolId: string): CognitoPool => {
    const found = pools.get(poolId);
    if (found === undefined) throw new Error(`There is no user pool ${poolId}.`);
    return found;
  };
  return {
    find: async (poolId, name) => {
      const trimmed = name.trim();
      const wanted = trimmed.includes('@') ? trimmed.toLowerCase() : trimmed;
      return (await pools.get(poolId)?.getUserByUsername(local.context, wanted)) ?? undefined;
    },
    groupsOf: (poolId, user) => pool(poolId).listUserGroupMembership(local.context, user),
    save: (poolId, user) => pool(poolId).saveUser(local.context, user),
  };
}

export function attributeOf(user: CognitoUser, name: string): string | undefined {
  return user.Attributes.find((attribute) => attribute.Name === name)?.Value;
}
