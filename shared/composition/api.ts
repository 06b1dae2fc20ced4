import { createIdempotency } from '#shared/http/idempotency-keys.ts';
import { createOriginVerify } from '#shared/http/origin-verify.ts';
import type { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { createResolveCaller } from '#shared/identity/resolve-caller.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { createSecretReader, type ReadSecret } from '#shared/kernel/secret-reader.ts';
import type { Table } from '#shared/table/table.ts';

/** What every function behind a sign-in does with a request before a handler sees it. */
export function createDynamoApi(deps: {
  readonly table: Table;
  readonly people: ReturnType<typeof createIdentityRepository>;
  readonly originVerifySecretArn: string;
  readonly readSecret?: ReadSecret;
  readonly now: Clock;
}) {
  const { table, people, now } = deps;
  return {
    originVerify: createOriginVerify({
      secretArn: deps.originVerifySecretArn,
      readSecret: deps.readSecret ?? createSecretReader(),
    }),
    resolveCaller: createResolveCaller({
      identityBySub: people.identities.bySub,
      coachById: people.coaches.byId,
    }),
    idempotency: createIdempotency({ table, now }),
  };
}
