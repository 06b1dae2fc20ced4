import type { ServedRoute } from '#shared/http/api-call.ts';
import type { ApiReply, AuthenticatedRequest } from '#shared/http/api-types.ts';
import { inputOf } from '#shared/http/middleware/request-input.ts';
import { routeKeyOf } from '#shared/kernel/contract.ts';

/** A request as it was sent: what the contract says of it is not applied yet. */
export type SentRequest = Omit<AuthenticatedRequest, 'query' | 'body' | 'version'> & {
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
};

export type ApiHandlers = Readonly<Record<string, (request: SentRequest) => Promise<ApiReply>>>;

/** Handlers by route, as `GET /api/teams`, behind the input that their contracts ask for. */
export const handlersOf = (served: readonly ServedRoute[]): ApiHandlers =>
  Object.fromEntries(
    served.map(({ route, handle }) => [
      routeKeyOf(route),
      async (request: SentRequest) => handle({ ...request, ...inputOf(route, request) }),
    ]),
  );
