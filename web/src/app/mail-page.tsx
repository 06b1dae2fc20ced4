import { noticeRoutes } from '#shared/notices/contract.ts';
import { ApiError, messageOf } from '#web/shared/api/api-error.ts';
import type { ApiClient } from '#web/shared/api/client.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { Note } from '#web/shared/ui/note.tsx';
import { usePageTitle } from '#web/shared/ui/page.tsx';
import { useMutation } from '@tanstack/react-query';
import { chooseByKey, CHOICES } from '#web/features/notices/notices-api.ts';
import { CenteredCard } from './entry-pages.tsx';

/** Where the links of an email lead: nothing changes before the press, since mail programs open links by themselves. */
export function MailPage({ api }: { api: ApiClient }) {
  usePageTitle('Weekly email');
  const asked = noticeRoutes.chooseByKey.query.safeParse(
    Object.fromEntries(new URLSearchParams(location.search)),
  );
  const choose = useMutation({
    mutationFn: (query: Parameters<typeof chooseByKey>[1]) => chooseByKey(api, query),
  });
  if (!asked.success) return <BadLink />;
  const { weekly } = asked.data;
  if (choose.isSuccess)
    return (
      <CenteredCard title="Saved">
        <output className="block text-13 text-text-2">
          {CHOICES[weekly].saved} You can change it in the menu under your name.
        </output>
        <ToDashboard />
      </CenteredCard>
    );
  if (choose.error instanceof ApiError && choose.error.facts.status === 404) return <BadLink />;
  return (
    <CenteredCard title={weekly === 'never' ? 'Stop the weekly email?' : 'Change the weekly email?'}>
      <p className="text-13 text-text-2">{CHOICES[weekly].asked}</p>
      {choose.isError && (
        <Note tone="error" title="Not saved" said="at once">
          <p>{messageOf(choose.error)}</p>
        </Note>
      )}
      <Button
        look="primary"
        className="min-h-11"
        disabled={choose.isPending}
        onClick={() => choose.mutate(asked.data)}
      >
        {choose.isPending ? 'Saving' : weekly === 'never' ? 'Stop it' : 'Change it'}
      </Button>
      <ToDashboard />
    </CenteredCard>
  );
}

const BadLink = () => (
  <CenteredCard title="This link does not work">
    <p className="text-13 text-text-2">
      Use the one in your newest email, or sign in and choose in the menu under your name.
    </p>
    <ToDashboard />
  </CenteredCard>
);

const ToDashboard = () => (
  <a className="text-13" href="/">
    Go to the dashboard
  </a>
);
