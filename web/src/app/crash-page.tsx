import { Button } from '../shared/ui/button.tsx';
import { usePageTitle } from '../shared/ui/page-title.ts';
import { CentredCard } from './centred-card.tsx';

/** Shown instead of a page that failed while it was drawn. */
export function CrashPage() {
  usePageTitle('This page failed');
  return (
    <CentredCard title="This page failed">
      <p className="text-13 text-text-2" role="alert">
        The site made a mistake while drawing this page. What you saved is safe. Load the page again; if it
        fails twice, tell your programme&rsquo;s admin which page it was.
      </p>
      <div className="flex flex-wrap gap-2">
        <Button look="primary" onClick={() => globalThis.location.reload()}>
          Load again
        </Button>
        <a className="btn" href="/">
          Go to the dashboard
        </a>
      </div>
    </CentredCard>
  );
}
