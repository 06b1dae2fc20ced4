import { Eye, TriangleAlert } from 'lucide-react';
import { lazy, Suspense, useEffect, useEffectEvent, useState } from 'react';
import { ACTING_MINUTES } from '#shared/coaches/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { actStanding, askToAct, endAct, useAct, useWanted, type Act } from '#web/shared/identity/acting.ts';
import { useMe } from '#web/shared/identity/current-user.tsx';
import { leftLabel } from '#web/shared/identity/idle.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { classNames } from '#web/shared/ui/class-names.ts';
import { showToast } from '#web/shared/ui/toasts.ts';

const ReasonDialog = lazy(() => import('./reason-dialog.tsx'));

const LOOK_EVERY_MS = 1_000;

/** Always in sight while an admin acts as a coach: as whom, for how long still, and how to stop. */
export function ActingStrip() {
  const { actingAs } = useMe();
  const act = useAct();
  // Also when the time was over before anybody looked: the end is still to be told.
  return act === null ? null : <Strip key={act.id} act={act} name={actingAs?.name ?? null} />;
}

function Strip({ act, name }: { act: Act; name: string | null }) {
  const api = useApi();
  const [now, setNow] = useState(() => Date.now());
  const { leftMs, warns, said } = actStanding(act, now);
  const look = useEffectEvent(() => {
    const at = Date.now();
    if (actStanding(act, at).over) {
      askToAct(null);
      void endAct(api, 'time');
      showToast(
        'ok',
        `You no longer act as ${name ?? 'a coach'}`,
        `The ${ACTING_MINUTES} minutes are over. Text you had typed is kept in its form.`,
      );
    } else setNow(at);
  });
  useEffect(() => {
    const onLook = () => look();
    // At once: a tab that comes back after a night, or a sleeping computer.
    onLook();
    const timer = setInterval(onLook, LOOK_EVERY_MS);
    document.addEventListener('visibilitychange', onLook);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', onLook);
    };
  }, []);
  if (name === null) return null;
  const Icon = warns ? TriangleAlert : Eye;
  return (
    <aside className={classNames('strip', warns ? 'offline' : 'acting')} aria-label="Acting as a coach">
      <div className="flex-wrap">
        <Icon size={16} strokeWidth={1.75} aria-hidden />
        <span className="min-w-0 flex-1 basis-60">
          You are acting as{' '}
          <b>
            <bdi>{name}</bdi>
          </b>
          , <span className="tabular-nums">{leftLabel(Math.max(0, leftMs))}</span> left. Everything you do is
          logged under both names.
        </span>
        <output className="sr-only">{said}</output>
        <span className="flex flex-wrap gap-2">
          {warns && (
            <Button small onClick={() => askToAct({ coachId: act.coachId, name, continues: true })}>
              Act for {ACTING_MINUTES} more minutes
            </Button>
          )}
          <Button small onClick={() => void endAct(api, 'stopped')}>
            Stop acting
          </Button>
        </span>
      </div>
    </aside>
  );
}

/** Asks for the reason, wherever acting was asked for. */
export function ActingReason() {
  const wanted = useWanted();
  return wanted === null ? null : (
    <Suspense>
      <ReasonDialog key={`${wanted.coachId} ${wanted.continues}`} wanted={wanted} />
    </Suspense>
  );
}
