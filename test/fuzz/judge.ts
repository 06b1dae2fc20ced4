import { isDeepStrictEqual } from 'node:util';
import { PROBLEM_CONTENT_TYPE, problemSchema } from '#shared/kernel/problem.ts';
import type { Answer } from './send.ts';
import type { Shot } from './shots.ts';

/** What may be said to whom. */

export interface Finding {
  readonly index: number;
  readonly kind: string;
  readonly text: string;
}

/** What nobody outside needs to know: how and on what it runs. */
const INTERNALS: readonly RegExp[] = [
  /arn:aws/i,
  /\bat \S+ \(?(?:file:|node:|\/)\S+:\d+:\d+/,
  /node_modules|\/var\/task|index\.mjs/,
  /dynamo|ConditionalCheck|ProvisionedThroughput|ValidationException|TransactionCanceled|\bSQS\b|cognito-idp/i,
  /ZodError|TypeError|RangeError|SyntaxError|Unexpected token|Cannot read propert|is not a function|call stack/,
  /\b(?:gsi[12](?:pk|sk)|pk|sk)\b/,
  /(?:COMP|COACH|TEAM|JOB|IDENTITY|LIMIT|IDEMPOTENCY)#/,
];

/** Refusals of the whole API, by status; the other ones are named by the contract of a route. */
const GENERAL: Readonly<Record<number, readonly string[]>> = {
  400: ['MALFORMED_JSON', 'BAD_CURSOR', 'BAD_IF_MATCH', 'BAD_IDEMPOTENCY_KEY', 'COACH_CONTRADICTED'],
  401: ['UNAUTHENTICATED'],
  403: ['FORBIDDEN', 'SIGN_IN_DISABLED', 'ACT_AS_REFUSED'],
  404: ['NOT_FOUND'],
  409: ['IDEMPOTENCY_KEY_IN_USE'],
  413: ['TOO_LARGE'],
  422: ['VALIDATION_FAILED', 'IDEMPOTENCY_KEY_REUSED'],
  429: ['RATE_LIMITED'],
};
const VERSIONED: Readonly<Record<number, readonly string[]>> = {
  412: ['STALE_VERSION'],
  428: ['IF_MATCH_REQUIRED'],
};

/** Statuses with which CloudFront and API Gateway refuse before a function is asked. */
const EDGE = new Set([400, 401, 403, 404, 413, 414, 431]);

const named = (statuses: Readonly<Record<number, readonly string[]>>, status: number): readonly string[] =>
  statuses[status] ?? [];

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export interface Known {
  /** What this caller must never see. */
  readonly foreign: ReadonlySet<string>;
}

/** What is wrong with the answer to a request; nothing when all is well. */
export function judge(shot: Shot, answer: Answer, { foreign }: Known): Finding[] {
  const { route, sent, index } = shot;
  const findings: Finding[] = [];
  const find = (kind: string, text: string) => findings.push({ index, kind, text: text.slice(0, 300) });
  const { status, text } = answer;
  const type = answer.headers['content-type'] ?? '';
  const refused = status >= 400;
  const said = `${sent.path}\n${sent.body?.toString('utf8').slice(0, 100_000) ?? ''}\n${Object.values(sent.headers).join('\n')}`;

  const allowed = [
    ...named(route.problems ?? {}, status),
    ...named(GENERAL, status),
    ...named(VERSIONED, status),
  ];
  if (status === 0) find('no answer', text);
  else if (refused) {
    const problem = problemSchema.safeParse(parsed(text)).data;
    if (problem === undefined || !type.startsWith(PROBLEM_CONTENT_TYPE)) {
      if (
        !EDGE.has(status) ||
        (answer.headers['apigw-requestid'] === undefined &&
          status !== 400 &&
          status !== 413 &&
          status !== 431)
      ) {
        find('no problem+json', `${status} ${type} ${text}`);
      }
    } else if (status >= 500 && !named(route.problems ?? {}, status).includes(problem.code)) {
      find('failure', `${status} ${problem.code}`);
    } else if (!allowed.includes(problem.code)) {
      find('code not in the contract', `${status} ${problem.code}`);
    } else if (problem.status !== status || problem.requestId === 'unknown') {
      find('problem does not fit', text);
    }
    for (const internal of INTERNALS) {
      const found = internal.exec(text)?.[0];
      if (found !== undefined && !said.includes(found) && !decoded(said).includes(found))
        find('internals', `${status} ${text}`);
    }
  } else {
    const { success, deferred } = route;
    const later = status === 202 ? deferred : undefined;
    if (status !== success.status && later === undefined) find('status not in the contract', String(status));
    const { schema } = later ?? success;
    if (schema !== undefined) {
      const body = parsed(text);
      const result = schema.safeParse(body);
      if (!result.success) {
        const [issue] = result.error.issues;
        find('answer breaks its schema', `${issue?.path.join('.')}: ${issue?.message}`);
      } else if (!isDeepStrictEqual(result.data, body)) {
        find('answer says more than its schema', surplus(body, result.data));
      }
    }
    for (const internal of INTERNALS.slice(0, 3)) {
      const found = internal.exec(text)?.[0];
      if (found !== undefined && !said.includes(found)) find('internals', `${status} ${found}`);
    }
  }
  for (const secret of foreign) {
    if (text.includes(secret) && !said.includes(secret) && !decoded(said).includes(secret)) {
      find('another coach’s', secret);
      break;
    }
  }
  return findings;
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** The first field that the schema does not know. */
function surplus(body: unknown, known: unknown, path = ''): string {
  if (typeof body !== 'object' || body === null || typeof known !== 'object' || known === null) return path;
  const fields = new Map(Object.entries(known));
  for (const [name, value] of Object.entries(body)) {
    if (!fields.has(name)) return `${path}.${name}`;
    if (!isDeepStrictEqual(value, fields.get(name)))
      return surplus(value, fields.get(name), `${path}.${name}`);
  }
  return path;
}
