import type { ApiCall, ApiMiddleware } from '../api-call.ts';
import type { ApiReply } from '../api-types.ts';

/** What is known of a write that carries an `Idempotency-Key`. */
export type Claim =
  /** Answered before: give what is kept of that answer. */
  | { readonly replay: ApiReply }
  /** Ours now. `settle` keeps the reply, or says that it failed; call it once. */
  | {
      readonly idempotencyId: string;
      readonly settle: (reply: ApiReply | undefined, error: unknown) => Promise<void>;
    };

/** Claims a write's key; undefined without a key. @throws DomainError */
export type Idempotency = (call: ApiCall) => Promise<Claim | undefined>;

/** Does a write at most once per key; see idempotency-keys.ts. An earlier answer takes the handler's place. */
export const idempotency = (claim: Idempotency | undefined): ApiMiddleware => ({
  before: async ({ event: call }) => {
    const { caller, served } = call;
    // A read may be sent as a POST, to keep names out of the address: there is nothing to do only once.
    const reads = served?.route.method === 'GET' || served?.route.rate === 'read';
    if (claim === undefined || caller === undefined || reads) return;
    const found = await claim(call);
    if (found === undefined) return;
    if ('replay' in found) call.replay = found.replay;
    else {
      call.idempotencyId = found.idempotencyId;
      call.settle = found.settle;
    }
  },
  after: async ({ event: call }) => {
    await call.settle?.(call.reply, undefined);
  },
  onError: async ({ event: call, error }) => {
    await call.settle?.(undefined, error).catch((unsettled: unknown) => {
      // The key frees itself when its time is over; what went wrong first is what the caller has to know.
      call.log.warn('idempotency key not settled', {}, unsettled);
    });
  },
});
