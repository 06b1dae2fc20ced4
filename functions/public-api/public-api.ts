import type { RouteHandlers } from '#shared/http/api-types.ts';
import type { ConfigView, publicRoutes } from '#shared/identity/contract.ts';
import { API_SCOPE } from '#shared/kernel/contract.ts';

export interface PublicApiDeps {
  readonly stage: string;
  readonly version: string;
  readonly signIn: Pick<ConfigView['signIn'], 'issuer' | 'clientId' | 'loginUrl'>;
  /** IANA time zone of the program. */
  readonly timeZone: string;
  readonly idleSignOutMinutes: number;
  /** The API document as it was built, JSON. */
  readonly openApi: () => Promise<string>;
}

/** What anyone may read. Settings change with a deployment only, so that each answer is made once. */
export function createPublicApi(deps: PublicApiDeps): RouteHandlers<typeof publicRoutes> {
  const { stage, version, signIn, timeZone, idleSignOutMinutes } = deps;
  const config = {
    stage,
    version,
    signIn: { ...signIn, scopes: [API_SCOPE] },
    timeZone,
    idleSignOutMinutes,
    features: {},
  };
  let document: Promise<string> | undefined;
  return {
    health: async () => ({ status: 200, body: { status: 'ok', version, stage } }),
    config: async () => ({ status: 200, body: config }),
    openApi: async () => {
      document ??= deps.openApi();
      return { status: 200, body: await document, headers: { 'content-type': 'application/json' } };
    },
  };
}
