import type { CompetitorView } from '#shared/competitors/competitor-view.ts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { KeyRound, RefreshCw } from 'lucide-react';
import { useEffect, useEffectEvent, useState } from 'react';
import { useApi } from '../api/api-context.ts';
import { ApiError } from '../api/api-error.ts';
import { ownJobQuery } from '../api/get-job.ts';
import { useActingAs } from '../identity/acting-as.ts';
import { Button } from '../ui/button.tsx';
import { refreshCompetitor, resetPassword } from './account-calls.ts';
import { useKeepCompetitor } from './keep-competitor.ts';

/** What can be done with an account that is there. */
export function AccountActs({ competitor }: { competitor: CompetitorView }) {
  if (competitor.gamePlatform.id === null || !competitor.active) return null;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <RefreshNow id={competitor.id} />
      <ResetPassword competitor={competitor} />
    </div>
  );
}

const messageOf = (error: unknown): string =>
  error instanceof ApiError ? error.facts.message : 'The site made a mistake.';

/** Reads the scores now, and shows the outcome once the job is over. */
function RefreshNow({ id }: { id: string }) {
  const api = useApi();
  const actingAs = useActingAs();
  const keep = useKeepCompetitor();
  const [jobId, setJobId] = useState<string | null>(null);
  const refresh = useMutation({
    mutationFn: () => refreshCompetitor(api, id),
    onSuccess: (started) => setJobId(started.jobId),
  });
  const job = useQuery({ ...ownJobQuery(api, actingAs, jobId ?? ''), enabled: jobId !== null });
  const over = job.data !== undefined && job.data.finishedAt !== null;
  const readAgain = useEffectEvent(() => keep.again(id));
  useEffect(() => {
    if (over) readAgain();
  }, [over]);
  const underWay = refresh.isPending || (jobId !== null && !over && !job.isError);
  const failed = refresh.isError || job.isError || job.data?.status === 'failed';
  const words = refresh.isError
    ? messageOf(refresh.error)
    : job.isError
      ? 'The scores are being read; how it went could not be asked.'
      : job.data?.status === 'failed'
        ? (job.data.error ?? 'The scores could not be read. It is tried again by itself.')
        : underWay
          ? 'Reading the scores.'
          : over
            ? 'The scores were read just now.'
            : '';
  return (
    <>
      <Button
        small
        aria-disabled={underWay || undefined}
        onClick={() => {
          if (!underWay) refresh.mutate();
        }}
      >
        <RefreshCw size={14} aria-hidden /> Refresh now
      </Button>
      <output
        className={failed ? 'order-last w-full text-12 text-error' : 'order-last w-full text-12 text-muted'}
      >
        {words}
      </output>
    </>
  );
}

function ResetPassword({ competitor }: { competitor: CompetitorView }) {
  const api = useApi();
  const reset = useMutation({ mutationFn: () => resetPassword(api, competitor.id) });
  const approved = competitor.gamePlatform.accountStatus === 'approved';
  const words = !approved
    ? 'A password can be reset once the account is approved.'
    : reset.isError
      ? messageOf(reset.error)
      : reset.isSuccess
        ? `The platform sends ${competitor.firstName} an e-mail with a link.`
        : '';
  const pressable = approved && !reset.isPending;
  return (
    <>
      <Button
        small
        aria-disabled={!pressable || undefined}
        onClick={() => {
          if (pressable) reset.mutate();
        }}
      >
        <KeyRound size={14} aria-hidden /> {reset.isPending ? 'Asking' : 'Reset password'}
      </Button>
      <output
        className={
          reset.isError ? 'order-last w-full text-12 text-error' : 'order-last w-full text-12 text-muted'
        }
      >
        {words}
      </output>
    </>
  );
}
