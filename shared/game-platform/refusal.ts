import type { EndpointName } from './endpoints.ts';
import type { GamePlatformErrorCode } from './game-platform-error.ts';
import { errorDetailSchema, validationErrorSchema } from './vendor-contract.ts';

/** What an answer other than 2xx means. */
export interface Refusal {
  readonly code: GamePlatformErrorCode;
  /** False when status and text allow another reading, which a look-up can settle. */
  readonly sure: boolean;
  /** Names of the refused fields, from a 422. */
  readonly fields?: readonly string[];
}

const sure = (code: GamePlatformErrorCode): Refusal => ({ code, sure: true });
const unsure = (code: GamePlatformErrorCode): Refusal => ({ code, sure: false });

/** Not `assign_team`: a user who "already" is on a team may be on another one. */
const CREATES: ReadonlySet<EndpointName> = new Set(['createUser', 'createTeam']);
const SCORES: ReadonlySet<EndpointName> = new Set(['getOdlScores', 'getFlashCtfProgress']);

const ABOUT_TOKEN = /authenticat|credential|token|bearer|api[ -]?key|authori[sz]ation header/i;
const ABOUT_APPROVAL = /approv|pending|denied/i;
const ABOUT_EXISTING = /already|exists|duplicate|in use|taken/i;
const ABOUT_TEAM = /team/i;
const ABOUT_USER = /user|coach|account|member/i;
/** What the vendor's framework says of a path that it does not have. */
const ABOUT_PATH = /^not found\.?$/i;

/** The `detail` sentence; undefined when there is none. It may hold names: read it, never pass it on. */
function sentenceOf(body: unknown): string | undefined {
  const parsed = errorDetailSchema.safeParse(body);
  return parsed.success ? parsed.data.detail : undefined;
}

const FIELD_NAME = /^[A-Za-z_]\w{0,63}$/;

function refusedFields(body: unknown): readonly string[] {
  const parsed = validationErrorSchema.safeParse(body);
  if (!parsed.success) return [];
  const paths = parsed.data.detail.map(({ loc }) =>
    loc
      .filter((part) => part !== 'body' && part !== 'query')
      .map((part) => (typeof part === 'number' || FIELD_NAME.test(part) ? String(part) : '*'))
      .join('.'),
  );
  return [...new Set(paths)];
}

function forbidden(endpoint: EndpointName, sentence: string | undefined): Refusal {
  if (sentence !== undefined && ABOUT_TOKEN.test(sentence)) return sure('TOKEN_REFUSED');
  if (sentence !== undefined && ABOUT_APPROVAL.test(sentence)) return sure('NOT_APPROVED');
  // A look-up needs no approval, nor does the list of all assignments: only the token can be what was refused.
  if (endpoint === 'getUser' || endpoint === 'getTeamAssignments') return sure('TOKEN_REFUSED');
  return unsure(SCORES.has(endpoint) ? 'NOT_APPROVED' : 'REFUSED');
}

function missing(endpoint: EndpointName, sentence: string | undefined): Refusal {
  const plain = sentence === undefined || ABOUT_PATH.test(sentence.trim());
  if (endpoint === 'sendPasswordReset') {
    return !plain && ABOUT_USER.test(sentence) ? sure('USER_UNKNOWN') : unsure('NOT_OFFERED');
  }
  if (plain) return unsure(endpoint === 'getUser' || SCORES.has(endpoint) ? 'USER_UNKNOWN' : 'NOT_FOUND');
  // "Team not found" beats "user": a sentence about a team's missing user names the user first.
  const team = sentence.search(ABOUT_TEAM);
  const user = sentence.search(ABOUT_USER);
  return sure(user !== -1 && (team === -1 || user < team) ? 'USER_UNKNOWN' : 'NOT_FOUND');
}

/** Pure: endpoint, status and parsed body (undefined when it was no JSON) of an answer that is not 2xx → its meaning. */
export function readRefusal(endpoint: EndpointName, status: number, body: unknown): Refusal {
  const sentence = sentenceOf(body);
  const existing = CREATES.has(endpoint) && sentence !== undefined && ABOUT_EXISTING.test(sentence);
  switch (status) {
    case 401:
      return sure('TOKEN_REFUSED');
    case 403:
      return forbidden(endpoint, sentence);
    case 404:
      return missing(endpoint, sentence);
    case 405:
      return sure(endpoint === 'sendPasswordReset' ? 'NOT_OFFERED' : 'NOT_FOUND');
    case 501:
      return sure('NOT_OFFERED');
    case 408:
      return sure('TIMED_OUT');
    case 409:
      return sure(CREATES.has(endpoint) ? 'ALREADY_EXISTS' : 'REFUSED');
    case 422:
      return existing
        ? sure('ALREADY_EXISTS')
        : { ...sure('VALIDATION_REFUSED'), fields: refusedFields(body) };
    case 425:
    case 429:
      return sure('THROTTLED');
    default:
      if (status >= 500) return sure('UNAVAILABLE');
      // A redirect, or something else that is no answer of this API.
      if (status < 400) return sure('BAD_ANSWER');
      return sure(existing ? 'ALREADY_EXISTS' : 'REFUSED');
  }
}
