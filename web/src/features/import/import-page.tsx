import { useState } from 'react';
import { ButtonLink } from '../../shared/ui/button.tsx';
import { usePageTitle } from '../../shared/ui/page-title.ts';
import { ChooseFile } from './choose-file.tsx';
import { CheckedFile } from './checked-file.tsx';
import type { ChosenFile } from './import-words.ts';

/** Three steps: a file, a check that writes nothing, the import. */
export default function ImportPage() {
  usePageTitle('Import');
  const [chosen, setChosen] = useState<ChosenFile | null>(null);
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Import competitors</h1>
          <p className="sub">From a file; every row is checked and shown before anything is written</p>
        </div>
        <div className="tools">
          <ButtonLink to="/competitors">Back to competitors</ButtonLink>
        </div>
      </div>
      {chosen === null ? (
        <ChooseFile onChecked={setChosen} />
      ) : (
        <CheckedFile key={chosen.jobId} file={chosen} onAgain={() => setChosen(null)} />
      )}
    </>
  );
}
