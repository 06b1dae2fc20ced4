import type { Competitor } from '../competitor.ts';
import type { SeasonStart } from '../create-competitor.ts';
import { decideImport, decisionDigest, type ImportDecision } from './decide-import.ts';
import { readImportTable } from './import-file.ts';
import type { ImportUpload } from './import-repository.ts';

export interface PlanImportDeps {
  readonly upload: (
    importId: string,
  ) => Promise<{ readonly upload: ImportUpload; readonly text: string } | undefined>;
  /** All competitors of a coach. */
  readonly ofCoach: (coachId: string) => AsyncIterable<Competitor>;
  readonly today: () => string;
  readonly seasonStart: SeasonStart;
}

export interface ImportPlan {
  readonly upload: ImportUpload;
  readonly decisions: readonly ImportDecision[];
  readonly digest: string;
}

/** What an upload comes to against the records as they are now; undefined when the upload is gone. */
export async function planImport(deps: PlanImportDeps, importId: string): Promise<ImportPlan | undefined> {
  const found = await deps.upload(importId);
  if (found === undefined) return undefined;
  const competitors: Competitor[] = [];
  for await (const competitor of deps.ofCoach(found.upload.coachId)) competitors.push(competitor);
  const table = readImportTable(found.text, found.upload.separator);
  const decisions = decideImport(table, competitors, deps.today(), await deps.seasonStart());
  return { upload: found.upload, decisions, digest: decisionDigest(decisions, competitors) };
}
