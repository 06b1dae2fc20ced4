import { useState } from 'react';
import type { MembershipEdit } from '../../shared/roster/membership.ts';
import { useMembership } from '../../shared/roster/use-membership.ts';
import type { Notice } from './membership-notice.tsx';

/** Edits of members, and what became of the last one. */
export function useChanges() {
  const membership = useMembership();
  const [notice, setNotice] = useState<Notice | null>(null);
  const change = (next: MembershipEdit) => {
    setNotice({ edit: next, state: 'saving' });
    membership.mutateAsync(next).then(
      () => setNotice((shown) => (shown?.edit === next ? { edit: next, state: 'saved' } : shown)),
      (error: unknown) => setNotice({ edit: next, state: 'failed', error }),
    );
  };
  return { notice, change, dismiss: () => setNotice(null) };
}
