import type { CoachView } from '#shared/coaches/contract.ts';
import { Fact } from '#web/shared/ui/panel.tsx';
import { useApi } from '#web/shared/api/api-context.ts';
import { useKeyRing } from '#web/shared/api/idempotency-key.ts';
import { count } from '#shared/kernel/format.ts';
import { askToAct } from '#web/shared/identity/acting.ts';
import { Button, ButtonLink } from '#web/shared/ui/button.tsx';
import { useEscape } from '#web/shared/ui/dialog.tsx';
import { ActFailure } from '#web/shared/ui/note.tsx';
import { ScrollRegion } from '#web/shared/ui/table.tsx';
import { useMutation } from '@tanstack/react-query';
import { ArrowLeft, ArrowRightLeft, Pencil, Plus, UserRound, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { addCoachAccount, updateCoach, useKeepCoach } from './coach-api.ts';
import { CoachDialog } from './coach-dialog.tsx';
import { OnboardingState, SignInState } from './coach-table.tsx';
import { SwitchDialog } from './switch-dialog.tsx';

/** One coach: what is switched on, and what to press. */
export function CoachPanel({ coach, onClose }: { coach: CoachView; onClose: () => void }) {
  useEscape(onClose);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const [open, setOpen] = useState<'edit' | 'switch' | null>(null);
  return (
    <aside className="panel beside" aria-label="Coach details">
      <div className="panel-head">
        <Button small look="ghost" className="lg:hidden -ml-2.5" onClick={onClose}>
          <ArrowLeft size={14} aria-hidden /> All coaches
        </Button>
        <div className="min-w-0 flex-1 max-lg:order-last max-lg:basis-full">
          <h2 ref={heading} tabIndex={-1} className="!text-16">
            <bdi>{coach.name}</bdi>
          </h2>
          <p className="as-of">{coach.school}</p>
        </div>
        <div className="end">
          <Button small onClick={() => setOpen('edit')}>
            <Pencil size={14} aria-hidden /> Edit
          </Button>
          <Button
            small
            look="ghost"
            iconOnly
            className="max-lg:hidden"
            aria-label="Close details"
            onClick={onClose}
          >
            <X size={16} aria-hidden />
          </Button>
        </div>
      </div>
      <ScrollRegion
        label="State and switches"
        className="panel-body grid flex-initial content-start gap-5 overflow-auto max-lg:overflow-visible"
      >
        <dl className="facts">
          <Fact name="Email">{coach.email}</Fact>
          <Fact name="Competitors">
            {coach.competitors === null ? 'not counted' : count(coach.competitors)}
          </Fact>
          <Fact name="Sign-in">
            <SignInState coach={coach} />
          </Fact>
          <Fact name="Onboarding">
            <OnboardingState coach={coach} />
          </Fact>
          <Fact name="Own platform account">
            {coach.gamePlatformId === null ? (
              'none yet'
            ) : (
              <span className="mono">{coach.gamePlatformId}</span>
            )}
          </Fact>
        </dl>
        <OwnAccount coach={coach} />
        <Onboarding coach={coach} />
        <div className="flex flex-wrap gap-2 border-t border-line pt-4">
          <ButtonLink small to={`/competitors?coach=${encodeURIComponent(coach.id)}`}>
            Show competitors
          </ButtonLink>
          <Button small onClick={() => askToAct({ coachId: coach.id, name: coach.name, continues: false })}>
            <UserRound size={14} aria-hidden /> Act as this coach
          </Button>
          {coach.competitors !== 0 && (
            <ButtonLink small to={`/move?from=${encodeURIComponent(coach.id)}`}>
              <ArrowRightLeft size={14} aria-hidden /> Move everybody to…
            </ButtonLink>
          )}
          <Button small onClick={() => setOpen('switch')}>
            {coach.enabled ? 'Switch off' : 'Switch on'}
          </Button>
        </div>
      </ScrollRegion>
      {open === 'edit' && (
        <CoachDialog coach={coach} onClose={() => setOpen(null)} onSaved={() => setOpen(null)} />
      )}
      {open === 'switch' && <SwitchDialog coach={coach} onClose={() => setOpen(null)} />}
    </aside>
  );
}

/** The account that has to be there before any of this coach's competitors get theirs. */
function OwnAccount({ coach }: { coach: CoachView }) {
  const api = useApi();
  const keep = useKeepCoach();
  const keys = useKeyRing();
  const add = useMutation({
    mutationFn: () => addCoachAccount(api, { id: coach.id, idempotencyKey: keys.current() }),
    onSuccess: keep.now,
    onSettled: (_coach, error) => keys.settle(error ?? undefined),
  });
  if (coach.gamePlatformId !== null && !add.isSuccess) return null;
  return (
    <div className="grid justify-items-start gap-2">
      {coach.gamePlatformId === null && (
        <>
          <Button
            look="primary"
            aria-disabled={add.isPending || undefined}
            onClick={() => {
              if (!add.isPending) add.mutate();
            }}
          >
            <Plus size={14} aria-hidden /> {add.isPending ? 'Making' : 'Make the coach’s account'}
          </Button>
          <p className="text-12 text-muted">
            Make it now, or it will be made along with the coach&rsquo;s first competitor.
          </p>
        </>
      )}
      <output className="text-13 text-text-2 empty:hidden">
        {add.isSuccess ? 'The account is there.' : ''}
      </output>
      {add.isError && <ActFailure title="Not made" error={add.error} />}
    </div>
  );
}

function Onboarding({ coach }: { coach: CoachView }) {
  const api = useApi();
  const keep = useKeepCoach();
  const { onboarding } = coach.features;
  const change = useMutation({
    mutationFn: () => updateCoach(api, { id: coach.id, change: { features: { onboarding: !onboarding } } }),
    onSuccess: keep.now,
  });
  return (
    <div className="grid justify-items-start gap-2">
      <Button
        small
        aria-disabled={change.isPending || undefined}
        onClick={() => {
          if (!change.isPending) change.mutate();
        }}
      >
        {change.isPending ? 'Saving' : onboarding ? 'Switch onboarding off' : 'Switch onboarding on'}
      </Button>
      <output className="text-12 text-muted">
        {onboarding
          ? 'Competitors of this coach can be added to the Game Platform.'
          : 'No one can add this coach’s competitors. Those already on the platform stay, and their scores are still read.'}
      </output>
      {change.isError && <ActFailure title="Not changed" error={change.error} />}
    </div>
  );
}
