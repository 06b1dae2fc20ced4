import { ButtonLink } from '#web/shared/ui/button.tsx';
import { useUrlFilters } from '#web/shared/ui/filters.tsx';
import { usePageTitle } from '#web/shared/ui/page.tsx';
import { useState } from 'react';
import { CheckedFile } from './checked-file.tsx';
import { ChooseFile } from './choose-file.tsx';
import type { Draft } from './import-draft.ts';
import type { ChosenFile } from './import-labels.ts';

/**
 * Three steps: a file, a check that writes nothing, the import. The ids of both jobs are in the address (`job`,
 * `applied`), so that a reload comes back; the names are not, and are known only in the tab that read the file.
 */
export default function ImportPage() {
  usePageTitle('Import');
  const [params, setParams] = useUrlFilters();
  const [chosen, setChosen] = useState<ChosenFile | null>(null);
  const [draft, setDraft] = useState<Draft | null>(null);
  const jobId = params.get('job');
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Import competitors</h1>
          <p className="sub">From a file. You see every row, checked, before anything is saved.</p>
        </div>
        <div className="tools">
          <ButtonLink to="/competitors">Back to competitors</ButtonLink>
        </div>
      </div>
      {jobId === null ? (
        <ChooseFile
          draft={draft}
          onDraft={setDraft}
          onChecked={(file) => {
            setChosen(file);
            setParams({ job: file.jobId, applied: null });
          }}
        />
      ) : (
        <CheckedFile
          key={jobId}
          jobId={jobId}
          applyId={params.get('applied')}
          file={chosen?.jobId === jobId ? chosen : null}
          onApplied={(applied) => setParams({ applied })}
          onAgain={() => {
            setDraft(null);
            setParams({ job: null, applied: null });
          }}
          onCorrect={
            chosen?.jobId === jobId && draft !== null ? () => setParams({ job: null, applied: null }) : null
          }
        />
      )}
    </>
  );
}
