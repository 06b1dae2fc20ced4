import type * as z from 'zod';
import { DomainError } from '#shared/kernel/errors.ts';
import type { ApiRequest } from './api-types.ts';

/** An opaque cursor from any JSON value, fit for a URL. Put no names in it: URLs end up in histories. */
export const encodeCursor = (position: unknown): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url');

export const badCursor = (): DomainError =>
  new DomainError(
    'malformed',
    'BAD_CURSOR',
    'That cursor is not one of ours. Start again from the first page, without “cursor”.',
  );

/** What a cursor stood for; 400 `BAD_CURSOR` when it was not made by {@link encodeCursor} for this list. */
export function decodeCursor<S extends z.ZodType>(schema: S, cursor: string): z.output<S> {
  let position: unknown;
  try {
    position = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw badCursor();
  }
  const result = schema.safeParse(position);
  if (!result.success) throw badCursor();
  return result.data;
}

const VERSION_TAG = /^(?:W\/)?"?(\d{1,15})"?$/;

/** The version that `If-Match` names; 428 when the header is missing, 400 when it holds no version. */
export function ifMatchVersion(request: Pick<ApiRequest, 'headers'>): number {
  const header = request.headers['if-match'];
  if (header === undefined) {
    throw new DomainError(
      'version_required',
      'IF_MATCH_REQUIRED',
      'Send “If-Match” with the version you are changing, as its “ETag” told it.',
    );
  }
  const version = VERSION_TAG.exec(header.trim())?.[1];
  if (version === undefined) {
    throw new DomainError(
      'malformed',
      'BAD_IF_MATCH',
      '“If-Match” has to be one quoted version, for example "3".',
    );
  }
  return Number(version);
}
