import * as z from 'zod';
import { DomainError } from '#shared/kernel/errors.ts';

/** What the API reads of an API Gateway HTTP API event (payload format 2.0). */
export interface HttpEvent {
  readonly routeKey: string;
  readonly requestId: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  /** Claims of the token that the JWT authorizer verified; undefined on a route without one. */
  readonly claims: Readonly<Record<string, string>> | undefined;
  readonly rawBody: string | undefined;
  /** The body as it came: of a file that is not UTF-8, `rawBody` is not the text. */
  readonly rawBytes: Uint8Array | undefined;
}

const textMap = z.record(z.string(), z.string().optional());

/** The gateway turns claims into strings; a stand-in may not, so that other plain values are taken too. */
const claimSchema = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);

const eventSchema = z.object({
  version: z.literal('2.0').optional(),
  routeKey: z.string(),
  headers: textMap.optional(),
  queryStringParameters: textMap.nullish(),
  pathParameters: textMap.nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().optional(),
  requestContext: z.object({
    requestId: z.string(),
    authorizer: z
      .object({ jwt: z.object({ claims: z.record(z.string(), claimSchema) }).optional() })
      .nullish(),
  }),
});

const present = (map: Readonly<Record<string, string | undefined>> | null | undefined) =>
  Object.fromEntries(
    Object.entries(map ?? {}).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    ),
  );

const claimText = (value: z.infer<typeof claimSchema>): string =>
  Array.isArray(value) ? `[${value.join(' ')}]` : String(value);

/** Undefined when it is no HTTP API event at all. */
export function parseHttpEvent(event: unknown): HttpEvent | undefined {
  const result = eventSchema.safeParse(event);
  if (!result.success) return undefined;
  const { data } = result;
  const claims = data.requestContext.authorizer?.jwt?.claims;
  const body = data.body ?? undefined;
  return {
    routeKey: data.routeKey,
    requestId: data.requestContext.requestId,
    headers: Object.fromEntries(
      Object.entries(present(data.headers)).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    query: present(data.queryStringParameters),
    params: present(data.pathParameters),
    claims:
      claims === undefined
        ? undefined
        : Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, claimText(value)])),
    rawBody:
      body !== undefined && data.isBase64Encoded === true
        ? Buffer.from(body, 'base64').toString('utf8')
        : body,
    rawBytes:
      body === undefined ? undefined : Buffer.from(body, data.isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}

/** No JSON body of this API comes near it; imports are CSV and have their own limit. */
const MAX_JSON_CHARACTERS = 1_000_000;

/** Far more than any body of this API has. */
const MAX_JSON_VALUES = 2_000;
/** Lists and objects inside the outermost. */
const MAX_JSON_DEPTH = 20;

/** Where the text that begins before `from` ends; -1 when it does not. */
function endOfText(json: string, from: number): number {
  let end = json.indexOf('"', from);
  while (end !== -1) {
    let slashes = 0;
    while (json[end - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return end;
    end = json.indexOf('"', end + 1);
  }
  return end;
}

/**
 * Whether JSON has more values, or more of them inside each other, than anybody means to send. Looks at the text,
 * since reading an object of 90,000 fields and listing them takes a hundred times as long.
 */
function isOversized(json: string): boolean {
  let values = 0;
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const letter = json[at];
    if (letter === '"') {
      at = endOfText(json, at + 1);
      if (at === -1) return false;
    } else if (letter === ',') values += 1;
    else if (letter === '[' || letter === '{') {
      values += 1;
      depth += 1;
    } else if (letter === ']' || letter === '}') depth -= 1;
    if (values > MAX_JSON_VALUES || depth > MAX_JSON_DEPTH + 1) return true;
  }
  return false;
}

/** What browsers and scripts call a CSV file; as an octet stream it comes through in any encoding. */
const FILE_TYPE = /^(text\/csv|application\/(octet-stream|gzip|vnd\.ms-excel))/i;
const FORM_TYPE = /^application\/x-www-form-urlencoded\b/i;

/**
 * The body as JSON; undefined when there is none or it is declared as CSV. A wrong or missing content type is
 * forgiven, since the API takes nothing but JSON and CSV.
 */
export function readJson(event: Pick<HttpEvent, 'headers' | 'rawBody'>): unknown {
  if (event.rawBody === undefined || event.rawBody.trim() === '') return undefined;
  const type = event.headers['content-type'] ?? '';
  // A form comes from mail programs that stop a mail (RFC 8058); what it says is in the address as well.
  if (FILE_TYPE.test(type) || FORM_TYPE.test(type)) return undefined;
  if (event.rawBody.length > MAX_JSON_CHARACTERS) {
    throw new DomainError('too_large', 'TOO_LARGE', 'The body is too large. Send at most 1 MB.');
  }
  if (isOversized(event.rawBody)) {
    throw new DomainError(
      'too_large',
      'TOO_LARGE',
      'The body has too many parts, or too many inside each other. Send fewer at a time.',
    );
  }
  return parseJson(event.rawBody);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DomainError('malformed', 'MALFORMED_JSON', 'The body is not valid JSON.');
  }
}
