import { zoneName } from '#shared/kernel/format.ts';
import type { ScheduleView } from '#shared/schedules/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { fieldErrorOf, isConflict } from '#web/shared/api/api-error.ts';
import { ConflictForm } from '#web/shared/forms/conflict-form.tsx';
import { conflictOf, mergedValues } from '#web/shared/forms/conflict.ts';
import { DraftNote } from '#web/shared/forms/draft-note.tsx';
import { useDraft } from '#web/shared/forms/draft.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { JobFields } from '#web/shared/jobs/job-fields.tsx';
import { taskName } from '#web/shared/jobs/start-options.ts';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { SelectInput, TextInput } from '#web/shared/ui/inputs.tsx';
import { SaveForm } from '#web/shared/ui/save-form.tsx';
import { showToast } from '#web/shared/ui/toasts.ts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { RunsAhead } from './runs-ahead.tsx';
import { createSchedule, currentOf, updateSchedule, useKeepSchedule } from './schedule-api.ts';
import {
  emptySchedule,
  jobIsOwn,
  nameOf,
  scheduleBodyOf,
  type ScheduleForm,
  scheduleFormOf,
  scheduleFormSchema,
  schedulePatchOf,
} from './schedule-form-values.ts';
import { scheduleAbout, scheduleTimes, scheduleTitle } from './schedule-labels.ts';
import { expressionInWords, expressionOf, type When, whenOf, whenProblem } from './when.ts';
import { WhenFields } from './when-fields.tsx';

interface ScheduleDialogProps {
  /** The schedule to change; null makes a new one. */
  readonly schedule: ScheduleView | null;
  readonly onClose: () => void;
  readonly onSaved: (saved: ScheduleView) => void;
}

const LABELS: Readonly<Record<string, string>> = {
  expression: 'When',
  timezone: 'Time zone',
  taskType: 'Job',
  coachId: 'Coach',
  competitorId: 'Competitor',
  full: 'Read all solves again',
  everyone: 'Ask everyone',
  dryRun: 'Dry run',
  acceptDays: 'Start even if it takes long',
};

function textOf(field: string, value: string | boolean): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (field === 'expression') return `${expressionInWords(value)}: ${value}`;
  if (field === 'timezone') return zoneName(value);
  return field === 'taskType' ? taskName(value) : value === '' ? 'all' : value;
}

/** Zones of the United States; the program's own, UTC and the schedule's come before and beside them. */
const ZONES = [
  'America/New_York',
  'America/Chicago',
  'America/Denver',
  'America/Phoenix',
  'America/Los_Angeles',
  'America/Anchorage',
  'Pacific/Honolulu',
];

function zoneOptions(own: string, chosen: string) {
  const zones = [...new Set([own, 'UTC', ...ZONES, chosen])];
  return zones.map((value) => ({
    value,
    text: `${zoneName(value)}${value === 'UTC' ? '' : ` (${value})`}${value === own ? ', the program’s' : ''}`,
  }));
}

/** Create and edit, with the next runs of what is typed. What is wrong stands beside its field; what was typed stays. */
export function ScheduleDialog({ schedule, onClose, onSaved }: ScheduleDialogProps) {
  const api = useApi();
  const { timeZone } = useConfig();
  const keep = useKeepSchedule();
  const [base, setBase] = useState(schedule);
  const [theirs, setTheirs] = useState<ScheduleView | null>(null);
  const first = schedule === null ? emptySchedule(timeZone) : scheduleFormOf(schedule);
  const draft = useDraft<ScheduleForm>(
    `schedule:${schedule?.name ?? 'new'}`,
    scheduleFormSchema,
    () => first,
  );
  const { values } = draft;
  const [when, setWhen] = useState(() => whenOf(values.expression));
  const problem = whenProblem(when, values.expression);
  const saved = (done: ScheduleView) => {
    draft.drop();
    keep.now(done);
    showToast('ok', `${scheduleTitle(done)} is saved`, `${scheduleTimes(done)}.`);
    onSaved(done);
  };
  const save = useMutation({
    mutationFn: ({ on, form }: { on: ScheduleView | null; form: ScheduleForm }) =>
      on === null
        ? createSchedule(api, scheduleBodyOf(form))
        : updateSchedule(api, { name: on.name, version: on.version, patch: schedulePatchOf(form, on) }),
    onSuccess: saved,
    onError: (error, { on }) => {
      if (on === null || !isConflict(error)) return;
      keep.again();
      setTheirs(currentOf(error));
    },
  });
  const errorOf = (field: string) => fieldErrorOf(save.error, field);
  const close = () => {
    draft.drop();
    onClose();
  };
  const setExpression = (expression: string) => {
    // What was wrong with the last one says nothing of this one.
    if (save.isError) save.reset();
    draft.set({ ...values, expression });
  };
  const change = (next: When) => {
    setWhen(next);
    setExpression(expressionOf(next, values.expression));
  };
  if (base !== null && theirs !== null) {
    const conflict = conflictOf(scheduleFormOf(base), values, scheduleFormOf(theirs));
    return (
      <Dialog title={`Edit ${scheduleTitle(base)}`} unsaved onClose={close}>
        <ConflictForm
          name={scheduleTitle(base)}
          conflict={conflict}
          mine={values}
          theirs={scheduleFormOf(theirs)}
          labelOf={(name) => LABELS[name] ?? name}
          textOf={textOf}
          saving={save.isPending}
          onSave={(choices) => {
            const merged = mergedValues(scheduleFormOf(theirs), values, conflict, choices);
            draft.set(merged);
            setWhen(whenOf(merged.expression));
            setBase(theirs);
            setTheirs(null);
            if (Object.keys(schedulePatchOf(merged, theirs)).length === 0) saved(theirs);
            else save.mutate({ on: theirs, form: merged });
          }}
          onBack={() => setTheirs(null)}
        />
      </Dialog>
    );
  }
  const expressionError = errorOf('expression');
  const neverRuns = 'Choose a time to come: this one is over, or the clock skips it.';
  return (
    <Dialog
      title={schedule === null ? 'New schedule' : `Edit ${scheduleTitle(schedule)}`}
      // Pressing one of the kinds changes the form as well, without a word being typed.
      unsaved={draft.backFrom !== null || values.expression !== first.expression}
      onClose={close}
    >
      <SaveForm
        what="this schedule"
        action={schedule === null ? 'Create schedule' : 'Save changes'}
        saving={save.isPending}
        error={save.error}
        unchanged={base !== null && Object.keys(schedulePatchOf(values, base)).length === 0}
        onSave={() => save.mutate({ on: base, form: values })}
        onClose={close}
      >
        <DraftNote
          draft={{
            backFrom: draft.backFrom,
            reset: () => {
              draft.reset();
              setWhen(whenOf(first.expression));
            },
          }}
        />
        {schedule === null && (
          <TextInput
            label="Name"
            required
            autoComplete="off"
            maxLength={60}
            value={values.name}
            error={errorOf('name')}
            hint={
              nameOf(values.name) === ''
                ? 'What it is for, such as Monthly full check. No names of people.'
                : `It is listed as ${scheduleTitle({ name: nameOf(values.name), builtIn: false, taskType: null })}.`
            }
            onChange={(name) => draft.set({ ...values, name })}
          />
        )}
        {schedule === null || jobIsOwn(schedule) ? (
          <JobFields
            values={values}
            onChange={(next) => draft.set(next)}
            missing={errorOf('payload.competitorId')}
          />
        ) : (
          <p className="text-13 text-text-2">
            {scheduleAbout(schedule)}
            {schedule.builtIn ? ' What it starts is built in and stays.' : ' What it starts stays as it is.'}
          </p>
        )}
        <WhenFields
          when={when}
          expression={values.expression}
          error={expressionError === undefined ? undefined : (problem ?? neverRuns)}
          onWhen={change}
          onExpression={setExpression}
        />
        {when.kind !== 'every' && (
          <SelectInput
            label="Time zone"
            value={values.timezone}
            options={zoneOptions(timeZone, values.timezone)}
            error={errorOf('timezone')}
            onChange={(timezone) => draft.set({ ...values, timezone })}
          />
        )}
        <RunsAhead
          expression={values.expression}
          timezone={values.timezone}
          countsFrom={schedule?.createdAt}
          problem={problem}
        />
      </SaveForm>
    </Dialog>
  );
}
