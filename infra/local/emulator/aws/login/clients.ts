import type { Deployment, UserPoolClientResource, UserPoolResource } from '../../deployment.ts';

export interface LoginClient {
  readonly pool: UserPoolResource;
  readonly client: UserPoolClientResource;
}

export type FindClient = (clientId: string) => LoginClient | undefined;

export function createClientFinder(deployment: Deployment): FindClient {
  const byId = new Map(
    deployment.userPools.flatMap((pool) =>
      pool.clients.map((client): [string, LoginClient] => [client.id, { pool, client }]),
    ),
  );
  return (clientId) => byId.get(clientId);
}
