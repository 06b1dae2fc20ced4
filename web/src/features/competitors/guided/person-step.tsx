import type { AlertCause } from '#shared/alerts/contract.ts';
import { DIVISIONS, type CompetitorRow } from '#shared/competitors/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { fieldErrorOf } from '#web/shared/api/api-error.ts';
import { dayIn, divisionName } from '#shared/kernel/format.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { useResetPassword } from '#web/shared/roster/account-actions.tsx';
import { Chain } from '#web/shared/roster/chain.tsx';
import { DraftNote } from '#web/shared/forms/draft-note.tsx';
import { useDraft } from '#web/shared/forms/draft.ts';
import { useKeepCompetitor } from '#web/shared/roster/competitors.ts';
import { Button, ButtonLink } from '#web/shared/ui/button.tsx';
import { SelectInput, TextInput } from '#web/shared/ui/inputs.tsx';
import { ActFailure, Note } from '#web/shared/ui/note.tsx';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import * as z from 'zod';
import { AddToPlatform } from '../add-to-platform.tsx';
import { readCompetitor, updateCompetitor } from '../competitor-api.ts';
import { formOf } from '../competitor-form-values.ts';
import { fieldBody, type SavedField } from './just-done.tsx';
import { fieldOf, type MissingField } from './queue.ts';

interface StepProps {
  readonly person: CompetitorRow;
  readonly onDone: () => void;
  readonly onSkip: () => void;
}

interface FieldProps extends StepProps {
  /** With what undoes it. */
  readonly onSaved: (saved: SavedField) => void;
}

/** One person and the one thing that is missing. The focus is on it. */
export function PersonStep({
  person,
  cause,
  onDone,
  onSkip,
  onSaved,
}: FieldProps & { readonly cause: AlertCause }) {
  const field = fieldOf(person);
  const step = { person, onDone, onSkip };
  return (
    <div className="panel-body grid content-start gap-4">
      <div>
        <h2 className="!text-20">
          <bdi>
            {person.firstName} {person.lastName}
          </bdi>
        </h2>
        <p className="as-of">
          {person.grade === null ? 'Grade not known' : `Grade ${person.grade}`},{' '}
          {person.team?.name ?? 'no team'}
        </p>
      </div>
      {person.gamePlatform.refusal !== null ? (
        <RefusedStep {...step} />
      ) : field !== null ? (
        <FieldStep key={field.name} {...step} field={field} onSaved={onSaved} />
      ) : person.status === 'compliance' ? (
        <AddStep {...step} />
      ) : cause === 'never_signed_in' ? (
        <PasswordStep {...step} />
      ) : (
        <LookStep {...step} idle={cause === 'idle'} />
      )}
      <Chain chain={person.chain} lastRead={person.lastRead} />
    </div>
  );
}

const Skip = ({ onSkip }: { onSkip: () => void }) => (
  <Button look="ghost" onClick={onSkip}>
    Skip
  </Button>
);

const DIVISION_OPTIONS = [
  { value: '', text: 'Not known yet' },
  ...DIVISIONS.map((value) => ({ value, text: divisionName(value) })),
];

const typeOf = (name: string): 'date' | 'email' | 'text' =>
  name.endsWith('Date') ? 'date' : /email$/i.test(name) ? 'email' : 'text';

/** Where more is missing than this field, the next one follows; the person is done when the last one is in. */
function FieldStep({
  person,
  field,
  onDone,
  onSkip,
  onSaved,
}: FieldProps & { readonly field: MissingField }) {
  const api = useApi();
  const keep = useKeepCompetitor();
  const { timeZone } = useConfig();
  const today = dayIn(timeZone, useNow());
  const form = useRef<HTMLFormElement>(null);
  const draft = useDraft(`step:${person.id}:${field.name}`, z.string(), () => '');
  const { values: value, set: setValue } = draft;
  useEffect(() => form.current?.querySelector<HTMLElement>('input, select')?.focus(), []);
  const save = useMutation({
    mutationFn: async () => {
      // Rows do not hold the fields; what undoes the save is what was there. A change in between is refused below.
      const before = formOf(await readCompetitor(api)(person.id))[field.name];
      const saved = await updateCompetitor(api, {
        id: person.id,
        version: person.version,
        body: fieldBody(field.name, value),
      });
      return { saved, field: field.name, before };
    },
    onSuccess: (done) => {
      const { saved } = done;
      draft.drop();
      keep.now(saved);
      onSaved(done);
      if (fieldOf(saved) === null) onDone();
    },
    onError: () => keep.again(person.id),
  });
  const input = {
    label: field.label,
    value,
    error: fieldErrorOf(save.error, field.name),
    onChange: setValue,
  };
  const pressable = value.trim() !== '' && !save.isPending;
  const isDate = typeOf(field.name) === 'date';
  return (
    <form
      ref={form}
      className="grid gap-4"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (pressable) save.mutate();
      }}
    >
      <DraftNote draft={draft} />
      <p className="text-14">{field.message}</p>
      {field.name === 'division' ? (
        <SelectInput options={DIVISION_OPTIONS} {...input} />
      ) : (
        <TextInput
          type={typeOf(field.name)}
          autoComplete="off"
          inputMode={field.name === 'grade' ? 'numeric' : undefined}
          max={isDate ? today : undefined}
          {...input}
        />
      )}
      {isDate && (
        <div>
          <Button small onClick={() => setValue(today)}>
            Today
          </Button>
        </div>
      )}
      {save.isError && fieldErrorOf(save.error, field.name) === undefined && (
        <ActFailure title="Not saved" error={save.error} />
      )}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" type="submit" aria-disabled={!pressable || undefined}>
          {save.isPending ? 'Saving' : 'Save and next'}
        </Button>
        <Skip
          onSkip={() => {
            draft.drop();
            onSkip();
          }}
        />
      </div>
    </form>
  );
}

/** Puts the focus on the first button of a step. */
function useFirstButton() {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => element.current?.querySelector<HTMLElement>('button, a')?.focus(), []);
  return element;
}

function AddStep({ person, onSkip, onDone }: StepProps) {
  return (
    <div ref={useFirstButton()} className="grid gap-4">
      <p className="text-14">
        Profile and release are complete. The platform creates the account and emails {person.firstName}; its
        staff approve it. This cannot be undone.
      </p>
      <AddToPlatform competitor={person} onAdded={onDone} />
      <div>
        <Skip onSkip={onSkip} />
      </div>
    </div>
  );
}

function PasswordStep({ person, onDone, onSkip }: StepProps) {
  const reset = useResetPassword(person);
  return (
    <div ref={useFirstButton()} className="grid gap-4">
      <p className="text-14">
        {person.firstName} has an account but has never signed in. The platform can send a new link, but a
        reminder in class works best.
      </p>
      <div className="flex flex-wrap gap-2">
        <Button look="primary" aria-disabled={!reset.pressable || undefined} onClick={reset.press}>
          {reset.pending ? 'Asking' : 'Reset password'}
        </Button>
        <Button onClick={onDone}>Next</Button>
        <Skip onSkip={onSkip} />
      </div>
      <output className={reset.failed ? 'text-13 text-error' : 'text-13 text-text-2'}>{reset.words}</output>
    </div>
  );
}

function RefusedStep({ person, onSkip }: StepProps) {
  const { refusal } = person.gamePlatform;
  return (
    <div ref={useFirstButton()} className="grid gap-4">
      {refusal !== null && (
        <Note tone="error" title="The platform refused the account">
          <p>{refusal.message}</p>
          <p>{refusal.remedy}</p>
        </Note>
      )}
      <div className="flex flex-wrap gap-2">
        <ButtonLink look="primary" to={`/competitors/${encodeURIComponent(person.id)}`}>
          Open {person.firstName}
        </ButtonLink>
        <Skip onSkip={onSkip} />
      </div>
    </div>
  );
}

function LookStep({ person, idle, onDone, onSkip }: StepProps & { readonly idle: boolean }) {
  return (
    <div ref={useFirstButton()} className="grid gap-4">
      <p className="text-14">
        {idle
          ? `${person.firstName} has not been active for two weeks. Check in with them in class. The alert closes with their next sign-in or solve.`
          : `There is nothing left for you to fill in for ${person.firstName}.`}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button look="primary" onClick={onDone}>
          {idle ? 'Noted, next' : 'Next'}
        </Button>
        <Skip onSkip={onSkip} />
      </div>
    </div>
  );
}
