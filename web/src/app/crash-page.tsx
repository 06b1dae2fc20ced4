import { Button } from '../shared/ui/button.tsx';
import { Note } from '../shared/ui/note.tsx';
import { usePageTitle } from '../shared/ui/page-title.ts';
import { CentredCard } from './centred-card.tsx';

const TITLE = 'This page failed';

/** Where a page was, when it failed while it was drawn; the bar above still works. */
export function CrashNote() {
  usePageTitle(TITLE);
  return (
    <>
      <div className="page-head">
        <h1>{TITLE}</h1>
      </div>
      <WhatToDo />
    </>
  );
}

/** Instead of everything, when the site itself failed. */
export function CrashPage() {
  usePageTitle(TITLE);
  return (
    <CentredCard title={TITLE}>
      <WhatToDo />
    </CentredCard>
  );
}

const WhatToDo = () => (
  <Note tone="error" title="The site made a mistake" said="at once">
    <p>
      What you saved is safe. Load the page again; if it fails twice, tell your programme&rsquo;s admin which
      page it was.
    </p>
    <div className="mt-2.5 flex flex-wrap gap-2">
      <Button small onClick={() => globalThis.location.reload()}>
        Load again
      </Button>
      <a className="btn sm" href="/">
        Go to the dashboard
      </a>
    </div>
  </Note>
);
