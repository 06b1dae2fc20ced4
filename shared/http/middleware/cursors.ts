import * as z from 'zod';
import type { ApiCall, ApiMiddleware } from '../api-call.ts';
import { toHttpReply } from '../http-reply.ts';
import { badCursor } from '../request-parsing.ts';

export interface CursorSeal {
  readonly seal: (cursor: string, binding: string) => Promise<string>;
  /** The cursor that was sealed for this binding; undefined for anything else. */
  readonly open: (sealed: string, binding: string) => Promise<string | undefined>;
}

const fieldsSchema = z.record(z.string(), z.unknown());
const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  fieldsSchema.safeParse(value).data ?? {};

/** How a list goes on does not depend on how much of it is asked for. */
const narrowing = (input: unknown): unknown =>
  Object.entries(fieldsOf(input))
    .filter(([name, value]) => name !== 'cursor' && name !== 'limit' && value !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));

/** The list that a cursor belongs to: whose, of which route, narrowed down by what. */
const bindingOf = ({ event, caller, input }: ApiCall): string =>
  JSON.stringify([
    event.routeKey,
    caller?.coachId ?? caller?.sub,
    narrowing(event.params),
    narrowing(input.query),
    narrowing(input.body),
  ]);

/**
 * What a list answers as `nextCursor` is sealed, and taken back for the same list of the same caller only: a cursor of
 * another list, or one that somebody made, is a 400 and never a position in somebody else's data.
 */
export const cursors = (seal: CursorSeal | undefined): ApiMiddleware => ({
  before: async ({ event: call }) => {
    if (seal === undefined || call.replay !== undefined) return;
    const { query, body, version } = call.input;
    const open = async (input: unknown): Promise<unknown> => {
      const { cursor } = fieldsOf(input);
      if (typeof cursor !== 'string') return input;
      const opened = await seal.open(cursor, bindingOf(call));
      if (opened === undefined) throw badCursor();
      return { ...fieldsOf(input), cursor: opened };
    };
    call.input = { query: await open(query), body: await open(body), version };
  },
  after: async (request) => {
    const { event: call } = request;
    const { nextCursor } = fieldsOf(call.reply?.body);
    if (seal === undefined || call.replay !== undefined || typeof nextCursor !== 'string') return;
    const sealed = await seal.seal(nextCursor, bindingOf(call));
    call.reply = { status: 200, ...call.reply, body: { ...fieldsOf(call.reply?.body), nextCursor: sealed } };
    request.response = toHttpReply(call.reply);
  },
});
