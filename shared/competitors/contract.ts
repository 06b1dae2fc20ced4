import * as z from 'zod';
import { FILE_AS_JOB } from '#shared/jobs/file-as-job.ts';
import { route } from '#shared/kernel/contract.ts';
import { emailInput, idInput, textInput, tidyText } from '#shared/kernel/text.ts';
import { pageQuerySchema } from '#shared/kernel/paging.ts';
import { TEXT_ENCODINGS } from '#shared/kernel/csv/decode-text.ts';
import { competitorSchema } from './competitor.ts';
import { divisionSchema } from './division.ts';
import { parseColumns } from './import/import-file.ts';
import { parseTeamAnswers } from './import/import-teams.ts';

export { DIVISIONS, divisionSchema } from './division.ts';

/** Computed from the record, never typed in: see `competitor-status.ts`. */
export const COMPETITOR_STATUSES = ['pending', 'profile', 'compliance', 'complete'] as const;
export const competitorStatusSchema = z.enum(COMPETITOR_STATUSES);
export type CompetitorStatus = z.infer<typeof competitorStatusSchema>;

export const CHAIN_LINKS = ['release', 'account', 'approval', 'team', 'last_solve'] as const;

export const chainLinkSchema = z.object({
  link: z.enum(CHAIN_LINKS),
  /** `waiting_you`: a coach or student acts; `waiting_platform`: the platform or we act; `live`: solved lately. */
  state: z.enum(['done', 'live', 'waiting_you', 'waiting_platform', 'refused', 'not_yet']),
  /** When the link was closed, where that is known. */
  at: z.iso.datetime().nullable(),
  /** One sentence: what is so, or what to do next. */
  text: z.string(),
});
export type ChainLink = z.infer<typeof chainLinkSchema>;

/** What lists and searches tell of a competitor: nothing of a guardian, and no way to reach anybody. */
export const competitorRowSchema = z.object({
  id: z.string(),
  version: z.int(),
  coachId: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  grade: z.int().nullable(),
  division: divisionSchema.nullable(),
  active: z.boolean(),
  status: competitorStatusSchema,
  /** What stands between this competitor and the Game Platform, in words; from `compliance` on only a release withdrawn. */
  missing: z.array(z.object({ field: z.string(), message: z.string() })),
  /** Has an account, and no release is in force: no scores are read, and figures leave them out. Null: not so. */
  onHold: z
    .object({
      because: z.enum(['withdrawn', 'no_release']),
      /** The day on which it was taken back, where one is recorded. */
      since: z.iso.date().nullable(),
    })
    .nullable(),
  team: z.object({ id: z.string(), name: z.string() }).nullable(),
  gamePlatform: z.object({
    id: z.string().nullable(),
    username: z.string().nullable(),
    /** `user_created`, `pending_approval`, `approved` or `denied`; whatever else the platform says is passed on as it came. */
    accountStatus: z.string().nullable(),
    lastLoginAt: z.iso.datetime().nullable(),
    onboardedAt: z.iso.datetime().nullable(),
    /** The platform's last refusal and what to do about it; cleared by success. */
    refusal: z
      .object({ code: z.string(), message: z.string(), remedy: z.string(), at: z.iso.datetime() })
      .nullable(),
  }),
  challengesSolved: z.int(),
  lastSolveAt: z.iso.datetime().nullable(),
  lastReadAt: z.iso.datetime().nullable(),
  /** The last try to read the scores and why it was made then, in a sentence; null when none is told. */
  lastRead: z.object({ at: z.iso.datetime(), because: z.string() }).nullable(),
  chain: z.array(chainLinkSchema).length(CHAIN_LINKS.length),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type CompetitorRow = z.infer<typeof competitorRowSchema>;

/** The whole record. Whoever is answered this is in the read log (`open-record.ts`). */
export const competitorViewSchema = competitorRowSchema.extend({
  email: z.string().nullable(),
  adult: z.boolean(),
  schoolEmail: z.string().nullable(),
  guardianName: z.string().nullable(),
  guardianEmail: z.string().nullable(),
  participationAgreementDate: z.iso.date().nullable(),
  mediaReleaseDate: z.iso.date().nullable(),
  consentWithdrawnDate: z.iso.date().nullable(),
});
export type CompetitorView = z.infer<typeof competitorViewSchema>;

/** May be put on the platform: by a coach who asks for it, also once more after a refusal. */
export const mayBeAdded = ({ active, status }: Pick<CompetitorRow, 'active' | 'status'>): boolean =>
  active && status === 'compliance';

/** Ready to add, wherever those are counted or added all at once: nothing is missing and nothing was refused. */
export const isReady = (
  facts: Pick<CompetitorRow, 'active' | 'status'> & { readonly refusal: object | null },
): boolean => mayBeAdded(facts) && facts.refusal === null;

export const competitorListItemSchema = competitorRowSchema.extend({
  /** Whose they are, for an admin; null for a coach, who sees only their own. */
  coach: z.object({ name: z.string(), school: z.string() }).nullable(),
});
export type CompetitorListItem = z.infer<typeof competitorListItemSchema>;

export const competitorListSchema = z.object({
  items: z.array(competitorListItemSchema),
  nextCursor: z.string().nullable(),
});

/**
 * What people may type in about a competitor. Text is mended (`kernel/text.ts`), and an empty string means "not known".
 * Unknown fields are refused, so that a misspelt one is noticed.
 */

const NAME_LENGTH = 100;
/** School years; 13 to 16 are the college years. */
const GRADES = { first: 1, last: 16 } as const;

const nameSchema = (what: string) => textInput(what, { max: NAME_LENGTH });

const looksEmpty = (value: unknown): boolean =>
  typeof value === 'string' && value.length <= NAME_LENGTH && tidyText(value) === '';

/** Null and what looks like an empty string both clear the field. */
const clearable = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (looksEmpty(value) ? null : value), schema.nullable());

const dateSchema = z.iso.date({ error: 'Enter a date as YYYY-MM-DD.' });

const gradeMessage = `Enter a grade from ${GRADES.first} to ${GRADES.last}.`;
const gradeSchema = z
  .int({ error: gradeMessage })
  .min(GRADES.first, { error: gradeMessage })
  .max(GRADES.last, { error: gradeMessage });

const divisionInputSchema = z.enum(divisionSchema.options, {
  error: `Choose one of ${divisionSchema.options.join(', ')}.`,
});

const adultSchema = z.boolean({ error: 'Say true (18 or older) or false.' });

const optionalFields = {
  email: clearable(emailInput).optional(),
  schoolEmail: clearable(emailInput).optional(),
  guardianName: clearable(nameSchema('the guardian’s name')).optional(),
  guardianEmail: clearable(emailInput).optional(),
  grade: clearable(gradeSchema).optional(),
  division: clearable(divisionInputSchema).optional(),
  participationAgreementDate: clearable(dateSchema).optional(),
  mediaReleaseDate: clearable(dateSchema).optional(),
};

/** `POST /api/competitors`. */
export const competitorCreateSchema = z.strictObject({
  firstName: nameSchema('the first name'),
  lastName: nameSchema('the last name'),
  adult: adultSchema.default(false),
  ...optionalFields,
});
export type CompetitorCreate = z.infer<typeof competitorCreateSchema>;

/** `PATCH /api/competitors/{id}`: only what is given is changed; null clears. */
export const competitorPatchSchema = z.strictObject({
  firstName: nameSchema('the first name').optional(),
  lastName: nameSchema('the last name').optional(),
  adult: adultSchema.optional(),
  /** False deactivates: the competitor stays on record, and nothing is read or written for them any more. */
  active: z.boolean({ error: 'Say true or false.' }).optional(),
  /** A guardian's wish, or the adult's own, that the data be used no longer. A newer release clears it. */
  consentWithdrawnDate: clearable(dateSchema).optional(),
  ...optionalFields,
});
export type CompetitorPatch = z.infer<typeof competitorPatchSchema>;

const MAX_PAGE = 200;
const DEFAULT_PAGE = 50;
/** `POST /api/competitors/search`: a body, so that no name gets into a URL, a history or an access log. */
export const competitorSearchSchema = z.strictObject({
  q: z
    .string({ error: 'Enter a name, or its beginning.' })
    .max(200, { error: 'Enter at most 200 characters.' }),
  status: competitorStatusSchema.optional(),
  teamId: idInput.optional(),
  coachId: idInput.optional(),
  limit: z.int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
  cursor: z.string().min(1).max(2_000).optional(),
});

const record = z.record(z.string(), z.unknown());

/** `GET /api/competitors/{id}/export`: everything held about one person. */
export const competitorExportSchema = z.object({
  exportedAt: z.iso.datetime(),
  profile: competitorSchema,
  /** Computed, not stored. */
  status: competitorStatusSchema,
  stats: record.nullable(),
  days: z.array(record),
  solves: z.array(record),
  flashResults: z.array(record),
  /** How far the scores were read. */
  syncState: record.nullable(),
  /** What else lies there, by kind: flags, roster entries. */
  other: z.array(z.object({ kind: z.string(), record })),
  activity: z.array(record),
  /** Who did or looked at what. */
  audit: z.array(record),
  /** What is not in this file, in words. */
  notIncluded: z.array(z.string()),
});
export type CompetitorExport = z.infer<typeof competitorExportSchema>;

/** `DELETE /api/competitors/{id}`. */
export const erasureStartedSchema = z.object({
  jobId: z.string(),
  /** What the job removes. */
  erased: z.array(z.string()),
  /** What cannot be reached from here, and why. */
  notReachable: z.array(z.object({ what: z.string(), why: z.string() })),
});
export type ErasureStarted = z.infer<typeof erasureStartedSchema>;

const coachFilter = z.object({ coachId: idInput.optional() });

/** Orders of one coach's list; `-` begins with the highest. */
export const COMPETITOR_SORTS = [
  'name',
  '-name',
  'grade',
  '-grade',
  'status',
  '-status',
  'createdAt',
  '-createdAt',
] as const;
export type CompetitorSort = (typeof COMPETITOR_SORTS)[number];
const GRADE_MESSAGE = `Give a grade from ${GRADES.first} to ${GRADES.last}.`;
const gradeParameter = z.coerce
  .number({ error: GRADE_MESSAGE })
  .pipe(z.int({ error: GRADE_MESSAGE }).min(GRADES.first, GRADE_MESSAGE).max(GRADES.last, GRADE_MESSAGE));

const jobStartedSchema = z.object({ jobId: z.string() });

/** `GET /api/competitors/import/{jobId}/preview`: a row of a dry run, with what it overwrites. */
export const importPreviewRowSchema = z.object({
  subject: z.string(),
  outcome: z.string(),
  message: z.string().nullable(),
  at: z.iso.datetime(),
  line: z.int().nullable(),
  fields: z.array(z.string()),
  /** What somebody new still lacks before they may be added to the Game Platform. */
  missing: z.array(z.string()),
  /** Teams by their names; empty when the records were changed since the dry run. */
  changes: z.array(z.object({ field: z.string(), from: z.string().nullable(), to: z.string().nullable() })),
  /** Whom the row changes, or whose email address it has. */
  competitor: z.object({ id: z.string(), name: z.string() }).nullable(),
});
export type ImportPreviewRow = z.infer<typeof importPreviewRowSchema>;
const importPreviewSchema = z.object({
  items: z.array(importPreviewRowSchema),
  nextCursor: z.string().nullable(),
});

/** A choice that is written as one text. Shorter than what the firewall lets through in a query. */
const spoken = (parse: (text: string) => unknown, error: string) =>
  z
    .string()
    .max(1_200, { error })
    .refine((text) => parse(text) !== undefined, { error });

export const competitorRoutes = {
  listCompetitors: route('GET', '/api/competitors', {
    served: 'competitors-api',
    access: 'coach',
    rate: 'read',
    summary: 'Competitors of a coach; for an admin of all',
    query: pageQuerySchema.extend({
      ...coachFilter.shape,
      status: competitorStatusSchema.optional(),
      teamId: idInput.optional(),
      division: divisionSchema.optional(),
      grade: gradeParameter.optional(),
      sort: z.enum(COMPETITOR_SORTS).optional(),
    }),
    success: { status: 200, description: 'A page.', schema: competitorListSchema },
    problems: { 422: ['COACH_REQUIRED', 'TOO_MANY_TO_SORT'] },
    actAs: true,
  }),
  createCompetitor: route('POST', '/api/competitors', {
    served: 'competitors-api',
    access: 'coach',
    rate: 'write',
    summary: 'Add a competitor',
    query: coachFilter,
    body: competitorCreateSchema,
    success: { status: 201, description: 'Added.', schema: competitorViewSchema },
    problems: { 422: ['COACH_REQUIRED'] },
    actAs: true,
  }),
  getCompetitor: route('GET', '/api/competitors/{id}', {
    served: 'competitors-api',
    access: 'coach',
    rate: 'read',
    summary: 'One competitor',
    success: {
      status: 200,
      description: 'The competitor, its version as ETag.',
      schema: competitorViewSchema,
    },
    actAs: true,
  }),
  updateCompetitor: route('PATCH', '/api/competitors/{id}', {
    served: 'competitors-api',
    access: 'coach',
    rate: 'write',
    summary: 'Change a competitor',
    body: competitorPatchSchema,
    success: { status: 200, description: 'Changed.', schema: competitorViewSchema },
    ifMatch: true,
    actAs: true,
  }),
  searchCompetitors: route('POST', '/api/competitors/search', {
    served: 'competitors-api',
    access: 'coach',
    rate: 'read',
    summary: 'Competitors by name; for an admin without a coach by the beginning of the name, over all',
    body: competitorSearchSchema,
    success: { status: 200, description: 'A page.', schema: competitorListSchema },
    actAs: true,
  }),
  exportCompetitor: route('GET', '/api/competitors/{id}/export', {
    served: 'competitors-api',
    access: 'coach',
    rate: 'read',
    summary: 'Everything held about one competitor',
    success: { status: 200, description: 'All records, as JSON.', schema: competitorExportSchema },
    actAs: true,
  }),
  importTemplate: route('GET', '/api/competitors/import/template.csv', {
    served: 'competitors-api',
    access: 'coach',
    rate: 'read',
    summary: 'The columns that an import takes, as a file',
    success: {
      status: 200,
      description: 'CSV with a header and one invented person.',
      contentType: 'text/csv',
    },
  }),
  startImport: route('POST', '/api/competitors/import', {
    served: 'competitors-api',
    access: 'coach',
    rate: 'bulk',
    summary: 'Check a file of competitors; nothing is written before it is applied',
    query: coachFilter.extend({
      dryRun: z.literal('true', {
        error: 'An import begins with a dry run: send “dryRun=true”, then apply its job.',
      }),
      encoding: z.enum(TEXT_ENCODINGS).optional(),
      separator: z.enum(['comma', 'semicolon', 'tab']).optional(),
      headerLine: z.coerce.number().int().min(1).max(1_000).optional(),
      columns: spoken(parseColumns, 'Name fields and columns from 0, like “firstName:0,lastName:1,team:5”.')
        .describe('Which column of the file, from 0, holds what; without it the names of the columns say so.')
        .optional(),
      teams: spoken(
        parseTeamAnswers,
        'Answer by the first line that names a team, like “5:use:team_1,9:create:high_school,*:leave_out”.',
      )
        .describe(
          'What becomes of names that no team has, by the first line of each; unanswered rows are refused.',
        )
        .optional(),
    }),
    file:
      'At most 5 MB and 10,000 rows with the columns of the template; UTF-8, UTF-16 or Windows-1252 (the last two as ' +
      'application/octet-stream); comma, semicolon or tab. As application/gzip it may be packed; not packed, an ' +
      'octet stream holds at most 4.5 MB.',
    largeBody: true,
    success: { status: 202, description: 'Accepted; its rows are under the job.', schema: jobStartedSchema },
    problems: {
      413: ['TOO_LARGE'],
      422: [
        'COLUMNS_NOT_KNOWN',
        'CSV_UNREADABLE',
        'FILE_EMPTY',
        'TOO_MANY_ROWS',
        'ENCODING_LOST',
        'COACH_REQUIRED',
      ],
    },
    actAs: true,
  }),
  applyImport: route('POST', '/api/competitors/import/{jobId}/apply', {
    served: 'competitors-api',
    access: 'coach',
    rate: 'bulk',
    summary: 'Do what a dry run said',
    success: {
      status: 202,
      description: 'Accepted; its rows are under the new job.',
      schema: jobStartedSchema,
    },
    problems: { 409: ['CHANGED_SINCE_DRY_RUN', 'DRY_RUN_NOT_FINISHED', 'IMPORT_EXPIRED'] },
    actAs: true,
  }),
  previewImport: route('GET', '/api/competitors/import/{jobId}/preview', {
    served: 'competitors-api',
    access: 'coach',
    rate: 'read',
    summary: 'Rows of a dry run, with what each change overwrites and what is still missing',
    query: pageQuerySchema.extend({ outcome: z.string().min(1).max(50).optional() }),
    success: { status: 200, description: 'A page.', schema: importPreviewSchema },
    problems: { 409: ['IMPORT_EXPIRED'] },
    actAs: true,
  }),
  eraseCompetitor: route('DELETE', '/api/competitors/{id}', {
    served: 'competitors-api',
    access: 'coach',
    rate: 'write',
    summary: 'Erase a competitor everywhere',
    success: {
      status: 202,
      description: 'Gone for everybody; the job erases the rest.',
      schema: erasureStartedSchema,
    },
    actAs: true,
  }),
  exportRoster: route('GET', '/api/game-platform/exports/roster.csv', {
    served: 'competitors-api',
    access: 'coach',
    rate: 'bulk',
    summary: 'Competitors as a file for spreadsheets',
    query: coachFilter.extend({
      status: competitorStatusSchema.optional(),
      teamId: idInput.optional(),
      division: divisionSchema.optional(),
      grade: gradeParameter.optional(),
    }),
    success: {
      status: 200,
      description:
        'CSV in UTF-8 with a byte order mark, which an import takes back; times are those of the program’s time zone, and a ' +
        'column says as of when. Cells that a spreadsheet would run are guarded.',
      contentType: 'text/csv',
    },
    deferred: FILE_AS_JOB,
    actAs: true,
  }),
} as const;
