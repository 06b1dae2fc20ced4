import type * as z from 'zod';
import type { Route } from '#shared/kernel/contract.ts';
import { validationError } from '#shared/kernel/errors.ts';
import type { ApiCall, ApiMiddleware } from '../api-call.ts';
import { readJson, type HttpEvent } from '../http-event.ts';
import { ifMatchVersion } from '../request-parsing.ts';

/** A value through a schema. @throws DomainError invalid, naming each field */
export function parseInput<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (!result.success) throw validationError(result.error);
  return result.data;
}

/** Version, query and body of a request through the route's contract, in this order. */
export function inputOf(
  route: Route,
  sent: { readonly headers: HttpEvent['headers']; readonly query: unknown; readonly body: unknown },
): ApiCall['input'] {
  return {
    version: route.ifMatch === true ? ifMatchVersion(sent) : undefined,
    query: route.query === undefined ? sent.query : parseInput(route.query, sent.query),
    body:
      route.body === undefined || route.bodyLast === true
        ? sent.body
        : parseInput(route.body, sent.body ?? {}),
  };
}

/** Reads the JSON body before anything is claimed or counted for the request. */
export const jsonBody = (): ApiMiddleware => ({
  before: ({ event: call }) => {
    call.input = { query: call.event.query, body: readJson(call.event), version: undefined };
  },
});

/** What the handler gets is what the contract names. */
export const requestInput = (): ApiMiddleware => ({
  before: ({ event: call }) => {
    const { served, input } = call;
    if (served === undefined || call.replay !== undefined) return;
    const { route } = served;
    call.input = inputOf(route, { ...input, headers: call.event.headers });
  },
});
