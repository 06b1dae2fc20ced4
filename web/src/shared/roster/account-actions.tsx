import { writeRoute } from '#web/shared/api/call-route.ts';
import { onboardingRoutes } from '#shared/onboarding/contract.ts';
import type { CompetitorRow } from '#shared/competitors/contract.ts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { KeyRound, RefreshCw } from 'lucide-react';
import { useEffect, useEffectEvent, useState } from 'react';
import { useApi } from '../api/api-context.ts';
import { messageOf } from '../api/api-error.ts';
import type { ApiClient } from '../api/client.ts';
import { useActingAs } from '../identity/current-user.tsx';
import { ownJobQuery } from '../jobs/job-api.ts';
import { Button } from '../ui/button.tsx';
import { useKeepCompetitor } from './competitors.ts';

/** `POST /api/game-platform/competitors/{id}/sync`: reads the scores now; 429 when too often. */
const refreshCompetitor = (api: ApiClient, id: string): Promise<{ jobId: string }> =>
  writeRoute(api, onboardingRoutes.refreshCompetitor, { params: { id } });

/** `POST /api/game-platform/competitors/{id}/password-reset`: the platform sends an email; 501 when it offers none. */
const resetPassword = (api: ApiClient, id: string): Promise<unknown> =>
  writeRoute(api, onboardingRoutes.resetPassword, { params: { id } });

/** Something that can be done with an account, and what became of it. */
export interface AccountAct {
  readonly pressable: boolean;
  readonly pending: boolean;
  /** What is under way, what came of it, or why it cannot be pressed; may be empty. */
  readonly words: string;
  readonly failed: boolean;
  readonly press: () => void;
}

/** Reads the scores now, and tells the outcome once the job is over. */
export function useRefreshNow(id: string): AccountAct {
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
  const words = refresh.isError
    ? messageOf(refresh.error)
    : job.isError
      ? 'The scores are being read; how it went could not be asked.'
      : job.data?.status === 'failed'
        ? (job.data.error ?? 'The scores could not be read. We will try again automatically.')
        : underWay
          ? 'Reading the scores.'
          : over
            ? 'The scores were read just now.'
            : '';
  return {
    pressable: !underWay,
    pending: underWay,
    words,
    failed: refresh.isError || job.isError || job.data?.status === 'failed',
    press: () => {
      if (!underWay) refresh.mutate();
    },
  };
}

type Account = Pick<CompetitorRow, 'id' | 'firstName' | 'gamePlatform'>;

/** Has the platform send an email with a link; possible once the account is approved. */
export function useResetPassword({ id, firstName, gamePlatform }: Account): AccountAct {
  const api = useApi();
  const reset = useMutation({ mutationFn: () => resetPassword(api, id) });
  const approved = gamePlatform.accountStatus === 'approved';
  const pressable = approved && !reset.isPending;
  const words = !approved
    ? 'A password can be reset once the account is approved.'
    : reset.isError
      ? messageOf(reset.error)
      : reset.isSuccess
        ? `The platform sends ${firstName} an email with a link.`
        : '';
  return {
    pressable,
    pending: reset.isPending,
    words,
    failed: reset.isError,
    press: () => {
      if (pressable) reset.mutate();
    },
  };
}

/** Nothing is asked of the platform about somebody deactivated or on hold. */
export const hasAccount = ({
  gamePlatform,
  active,
  onHold,
}: Pick<CompetitorRow, 'gamePlatform' | 'active' | 'onHold'>) =>
  gamePlatform.id !== null && active && onHold === null;

/** What can be done with an account that is there. */
export const AccountActs = ({ competitor }: { competitor: CompetitorRow }) =>
  hasAccount(competitor) && <Acts competitor={competitor} />;

const Acts = ({ competitor }: { competitor: CompetitorRow }) => (
  <AccountButtons refresh={useRefreshNow(competitor.id)} reset={useResetPassword(competitor)} />
);

/** The two acts as buttons, each with its words below. */
export const AccountButtons = ({ refresh, reset }: { refresh: AccountAct; reset: AccountAct }) => (
  <div className="flex flex-wrap items-center gap-2">
    <Button small aria-disabled={!refresh.pressable || undefined} onClick={refresh.press}>
      <RefreshCw size={14} aria-hidden /> Refresh now
    </Button>
    <ActLabel act={refresh} />
    <Button small aria-disabled={!reset.pressable || undefined} onClick={reset.press}>
      <KeyRound size={14} aria-hidden /> {reset.pending ? 'Asking' : 'Reset password'}
    </Button>
    <ActLabel act={reset} />
  </div>
);

const ActLabel = ({ act }: { act: AccountAct }) => (
  <output
    className={act.failed ? 'order-last w-full text-12 text-error' : 'order-last w-full text-12 text-muted'}
  >
    {act.words}
  </output>
);
