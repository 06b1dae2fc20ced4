import { LoadFailure } from '../shared/ui/load-failure.tsx';
import { Mark } from '../shared/ui/mark.tsx';
import { usePageTitle } from '../shared/ui/page-title.ts';
import { CentredCard } from './centred-card.tsx';

/** While the site opens: the mark alone, said once. */
export function Splash({ says }: { says: string }) {
  return (
    <main className="grid min-h-dvh place-items-center">
      <output className="grid justify-items-center gap-3 text-13 text-muted">
        <Mark />
        {says}
      </output>
    </main>
  );
}

interface StartFailureProps {
  readonly error: unknown;
  readonly onRetry: () => void;
  readonly retrying: boolean;
}

export function StartFailure({ error, onRetry, retrying }: StartFailureProps) {
  usePageTitle('Not available');
  return (
    <CentredCard title="The dashboard cannot open">
      <LoadFailure
        what="The site"
        safe="Your data is safe."
        error={error}
        onRetry={onRetry}
        retrying={retrying}
      />
    </CentredCard>
  );
}
