import * as z from 'zod';
import type { Competitor } from '#shared/competitors/competitor.ts';
import type { JobRow } from '#shared/jobs/job.ts';
import type { Team } from '#shared/teams/team.ts';
import { MOVE_REFUSALS, teamEffectSchema, type MOVE_OUTCOMES } from './contract.ts';

export interface MoveFacts {
  readonly person: Pick<Competitor, 'coachId' | 'teamId'> | undefined;
  /** The person’s team; undefined when they have none. */
  readonly team: Pick<Team, 'id' | 'coachId' | 'members'> | undefined;
  readonly toCoachId: string;
  /** Of a coach’s whole list: that coach. */
  readonly fromCoachId: string | undefined;
  /** Whether somebody is moved as well. */
  readonly comesAlong: (competitorId: string) => boolean;
}

const detailSchema = z.object({
  fromCoachId: z.string().nullable(),
  teamId: z.string().nullable(),
  team: teamEffectSchema,
  refusal: z.enum(MOVE_REFUSALS).nullable(),
});
export type MoveDetail = z.infer<typeof detailSchema>;

export interface MoveDecision extends MoveDetail {
  readonly outcome: (typeof MOVE_OUTCOMES)[number];
}

const NOWHERE: MoveDetail = { fromCoachId: null, teamId: null, team: 'none', refusal: null };

const refused = (
  refusal: NonNullable<MoveDetail['refusal']>,
  before: Partial<MoveDetail> = {},
): MoveDecision => ({
  ...NOWHERE,
  ...before,
  outcome: 'refused',
  refusal,
});

/** What a move comes to for one person. */
export function decideMove({ person, team, toCoachId, fromCoachId, comesAlong }: MoveFacts): MoveDecision {
  if (person === undefined) return refused('UNKNOWN');
  if (person.coachId === toCoachId) return { ...NOWHERE, fromCoachId: toCoachId, outcome: 'unchanged' };
  const from = { fromCoachId: person.coachId };
  if (fromCoachId !== undefined && person.coachId !== fromCoachId) return refused('NOT_THEIRS', from);
  if (team === undefined) return { ...NOWHERE, ...from, outcome: 'move' };
  const whole = team.members.every(comesAlong);
  return { ...NOWHERE, ...from, outcome: 'move', teamId: team.id, team: whole ? 'comes_along' : 'leaves' };
}

export const sameMove = (a: MoveDecision, b: MoveDecision): boolean =>
  a.outcome === b.outcome &&
  a.refusal === b.refusal &&
  a.fromCoachId === b.fromCoachId &&
  a.teamId === b.teamId &&
  a.team === b.team;

/** The same as a row of a plan; without a name, since it stays when the person is erased. */
export const decisionToRow = ({ outcome, ...detail }: MoveDecision, id: string, at: string): JobRow => ({
  outcome,
  message: detail.refusal === null ? null : SENTENCES[detail.refusal],
  at,
  competitorId: id,
  detail: { ...detail },
});

const SENTENCES = {
  UNKNOWN: 'There is no such competitor. They may have been erased.',
  NOT_THEIRS: 'They went to another coach while the plan was made.',
  CHANGED: 'They, or their team, changed since the plan, so they stay as they are. Make a new plan for them.',
} as const;

const ROW_OUTCOMES = ['move', 'moving', 'moved', 'unchanged', 'refused'] as const;
const rowOutcomeSchema = z.enum(ROW_OUTCOMES);

/** A row as it was decided. `moving`: begun, and not all of it has followed. */
export function rowToDecision(row: JobRow): MoveDetail & { readonly outcome: (typeof ROW_OUTCOMES)[number] } {
  return { ...detailSchema.parse(row.detail), outcome: rowOutcomeSchema.parse(row.outcome) };
}
