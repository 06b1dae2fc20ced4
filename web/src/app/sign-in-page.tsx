import { ArrowRight } from 'lucide-react';
import { Button } from '../shared/ui/button.tsx';
import { Note } from '../shared/ui/note.tsx';
import { usePageTitle } from '../shared/ui/page-title.ts';
import { CentredCard } from './centred-card.tsx';

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
    <CentredCard title="Sign in">
      {ended && (
        <Note tone="accent" title="Your session is over" said="when free">
          Sign in again; you come back to this page.
        </Note>
      )}
      {failed && (
        <Note tone="error" title="Signing in did not finish" said="at once">
          The login sent you back without a session, or the page was open for too long. Try again.
        </Note>
      )}
      <p className="text-13 text-text-2">
        For coaches and admins of the programme. You get to your teams after one step.
      </p>
      <Button look="primary" className="min-h-11" onClick={onSignIn}>
        Continue <ArrowRight size={14} aria-hidden />
      </Button>
      <p className="text-12 text-muted">
        No account yet? Your programme&rsquo;s admin invites you by e-mail.
      </p>
    </CentredCard>
  );
}

export function SignedOutPage({ onSignIn }: { onSignIn: () => void }) {
  usePageTitle('Signed out');
  return (
    <CentredCard title="You are signed out">
      <output className="block text-13 text-text-2">
        Nothing of your teams is left in this browser. On a shared computer, close the window as well.
      </output>
      <Button look="primary" className="min-h-11" onClick={onSignIn}>
        Sign in again <ArrowRight size={14} aria-hidden />
      </Button>
    </CentredCard>
  );
}
