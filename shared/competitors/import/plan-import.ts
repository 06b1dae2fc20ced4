import { createHash } from 'node:crypto';
import type { Competitor } from '../competitor.ts';
import type { SeasonStart } from '../create-competitor.ts';
import { decideImport, decisionDigest, type ImportDecision } from './decide-import.ts';
import { readImportTable, type ImportTable } from './import-file.ts';
import type { ImportUpload } from './import-repository.ts';
import { newTeamsOf, type ImportTeams, type KnownTeam, type NewTeam } from './import-teams.ts';

export interface PlanImportDeps {
  readonly upload: (
    importId: string,
  ) => Promise<{ readonly upload: ImportUpload; readonly text: string } | undefined>;
  /** All competitors of a coach. */
  readonly ofCoach: (coachId: string) => AsyncIterable<Competitor>;
  /** All teams of a coach. */
  readonly teamsOfCoach: (coachId: string) => Promise<readonly KnownTeam[]>;
  readonly today: () => string;
  readonly seasonStart: SeasonStart;
}

export interface ImportPlan {
  readonly upload: ImportUpload;
  readonly decisions: readonly ImportDecision[];
  /** Teams that the file names and the coach wants made. */
  readonly newTeams: readonly NewTeam[];
  readonly digest: string;
}

/** The same id however often a row is applied, so that nothing is made twice, or again after an erasure. */
const idOf = (prefix: string, importId: string, row: number | string): string =>
  `${prefix}_i${createHash('sha256').update(`${importId}#${row}`).digest('hex').slice(0, 24)}`;
export const competitorIdOf = (importId: string, row: number): string => idOf('cmp', importId, row);

export const teamsOfImport = (upload: ImportUpload, known: readonly KnownTeam[]): ImportTeams => ({
  known,
  answers: upload.teams,
  newId: (line) => idOf('team', upload.id, `team#${line}`),
});

export const tableOf = ({ separator, headerLine, columns }: ImportUpload, text: string): ImportTable =>
  readImportTable(text, separator, { headerLine, columns: columns ?? undefined });

/** What an upload comes to against the records as they are now; undefined when the upload is gone. */
export async function planImport(deps: PlanImportDeps, importId: string): Promise<ImportPlan | undefined> {
  const found = await deps.upload(importId);
  if (found === undefined) return undefined;
  const { upload, text } = found;
  const competitors: Competitor[] = [];
  for await (const competitor of deps.ofCoach(upload.coachId)) competitors.push(competitor);
  const table = tableOf(upload, text);
  const known = table.column.has('team') ? await deps.teamsOfCoach(upload.coachId) : [];
  const teams = teamsOfImport(upload, known);
  const seasonStart = await deps.seasonStart();
  const decisions = decideImport(table, competitors, deps.today(), { teams, seasonStart });
  return {
    upload,
    decisions,
    newTeams: newTeamsOf(table, teams),
    digest: decisionDigest(decisions, competitors),
  };
}
