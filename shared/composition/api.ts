import { createCursorSeal } from '#shared/http/cursor-seal.ts';
import { createIdempotency } from '#shared/http/idempotency-keys.ts';
import { createOriginSecret } from '#shared/http/origin-secret.ts';
import { createOriginVerify } from '#shared/http/origin-verify.ts';
import { createRateLimitRepository } from '#shared/http/rate-limit-repository.ts';
import { createRateLimit } from '#shared/http/rate-limits.ts';
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
  const originSecret = createOriginSecret({
    secretArn: deps.originVerifySecretArn,
    readSecret: deps.readSecret ?? createSecretReader(),
  });
  return {
    originVerify: createOriginVerify(originSecret),
    cursors: createCursorSeal(originSecret),
    resolveCaller: createResolveCaller({
      identityBySub: people.identities.bySub,
      coachById: people.coaches.byId,
      actingById: people.acting.byId,
      now,
    }),
    idempotency: createIdempotency({ table, now }),
    rateLimit: createRateLimit({ limits: createRateLimitRepository(table), now }),
  };
}
