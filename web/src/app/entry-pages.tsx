import { Button } from '#web/shared/ui/button.tsx';
import { LoadFailure, Note } from '#web/shared/ui/note.tsx';
import { Mark, usePageTitle } from '#web/shared/ui/page.tsx';
import { ArrowRight } from 'lucide-react';
import type { ReactNode } from 'react';

/** One card on an otherwise empty page: sign-in, signed out, start failures. */
export function CenteredCard({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="dotted grid min-h-dvh place-items-center p-4">
      <div className="grid w-full max-w-[380px] gap-4 rounded-4 border border-line-strong bg-surface-1 p-6">
        <span className="flex items-center gap-2.5 font-strong tracking-[-.01em]">
          <Mark />
          Coach Dashboard
        </span>
        <h1 className="text-20 font-strong tracking-[-.015em]">{title}</h1>
        {children}
      </div>
    </main>
  );
}

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
    <CenteredCard title="The dashboard cannot open">
      <LoadFailure
        what="The site"
        safe="Your data is safe."
        error={error}
        onRetry={onRetry}
        retrying={retrying}
      />
    </CenteredCard>
  );
}

interface SignInPageProps {
  readonly onSignIn: () => void;
  /** The server no longer takes the session that was there. */
  readonly ended: boolean;
  /** The way back from the login did not work. */
  readonly failed: boolean;
}

/** One button: the password is typed at the login, never here. */
export function SignInPage({ onSignIn, ended, failed }: SignInPageProps) {
  usePageTitle('Sign in');
  return (
    <CenteredCard title="Sign in">
      {ended && (
        <Note tone="accent" title="You have been signed out" said="when free">
          Sign in again to come back to this page. What you typed into a form is kept in this tab.
        </Note>
      )}
      {failed && (
        <Note tone="error" title="Signing in did not finish" said="at once">
          The sign-in did not go through, or the page was open too long. Try again.
        </Note>
      )}
      <p className="text-13 text-text-2">
        For the program’s coaches and admins. Your teams are one step away.
      </p>
      <Button look="primary" className="min-h-11" onClick={onSignIn}>
        Continue <ArrowRight size={14} aria-hidden />
      </Button>
      <p className="text-12 text-muted">No account yet? Your program&rsquo;s admin invites you by email.</p>
    </CenteredCard>
  );
}

export function SignedOutPage({ onSignIn }: { onSignIn: () => void }) {
  usePageTitle('Signed out');
  return (
    <CenteredCard title="You are signed out">
      <output className="block text-13 text-text-2">
        None of your team data is left in this browser. On a shared computer, close the window too.
      </output>
      <Button look="primary" className="min-h-11" onClick={onSignIn}>
        Sign in again <ArrowRight size={14} aria-hidden />
      </Button>
    </CenteredCard>
  );
}
