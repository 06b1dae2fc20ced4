import type { TaskType } from '#shared/composition/tasks.ts';
import type { JobView } from '#shared/jobs/contract.ts';
import { count } from '#shared/kernel/format.ts';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState, type ReactNode } from 'react';
import { useApi } from '../api/api-context.ts';
import { ApiError } from '../api/api-error.ts';
import { Button } from '../ui/button.tsx';
import { TextInput } from '../ui/inputs.tsx';
import { LoadFailure, Note } from '../ui/note.tsx';
import { ownJobQuery } from './job-api.ts';

/** Plans that are made by a job, read, and then applied by another one. */

/** How a job of one type stands; `unknown`: there is no such job, or it is of another type. */
export function usePlanJob(jobId: string | null, taskType: TaskType) {
  const query = useQuery({ ...ownJobQuery(useApi(), null, jobId ?? ''), enabled: jobId !== null });
  const job = query.data?.taskType === taskType ? query.data : undefined;
  const unknown =
    (query.error instanceof ApiError && query.error.facts.status === 404) ||
    (query.data !== undefined && job === undefined);
  return { query, job, unknown, over: job !== undefined && job.finishedAt !== null };
}

interface RunStateProps {
  readonly run: ReturnType<typeof usePlanJob>;
  /** Said while it runs: "Moving." */
  readonly during: string;
  /** Said where it did not finish. */
  readonly failed: { readonly title: string; readonly safe: string };
}

/** How far a job is, or why it did not finish. */
export function RunState({ run: { query, job, over }, during, failed }: RunStateProps) {
  return (
    <>
      {query.isError && (
        <LoadFailure
          what="How far it is"
          safe="It keeps going if you leave this page."
          error={query.error}
          retrying={query.isFetching}
          onRetry={() => void query.refetch()}
        />
      )}
      <output className="text-13 text-text-2 empty:hidden">
        {!over && !query.isError && <Progress job={job} during={during} />}
      </output>
      {over && job !== undefined && job.status !== 'succeeded' && (
        <Note tone="error" title={failed.title} said="at once">
          <p>
            {job.error} {failed.safe}
          </p>
        </Note>
      )}
    </>
  );
}

const Progress = ({ job, during }: { job: JobView | undefined; during: string }) => (
  <span className="flex flex-wrap items-center gap-3">
    {during}
    {job !== undefined && job.progress.total > 0 && (
      <>
        <progress
          className="meter wide"
          aria-label="Progress"
          value={job.progress.done}
          max={job.progress.total}
        />
        {count(job.progress.done)} of {count(job.progress.total)}
      </>
    )}
    <span>It is safe to leave this page.</span>
  </span>
);

interface TypedConfirmProps {
  /** What has to be typed. */
  readonly number: number;
  /** "to confirm everyone who moves". */
  readonly meaning: string;
  readonly button: string;
  readonly pending: boolean;
  readonly onConfirm: () => void;
  readonly children?: ReactNode;
}

/** A change of many people is asked for by typing how many. */
export function TypedConfirm({ number, meaning, button, pending, onConfirm, children }: TypedConfirmProps) {
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const press = () => {
    if (pending) return;
    if (typed.replaceAll(/[\s,]/g, '') === String(number)) {
      onConfirm();
      return;
    }
    setError(
      typed === '' ? `Type ${count(number)} first.` : `That is another number. Type ${count(number)}.`,
    );
    input.current?.focus();
  };
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        press();
      }}
    >
      {children}
      <TextInput
        ref={input}
        label={`Type ${count(number)} ${meaning}`}
        inputMode="numeric"
        autoComplete="off"
        value={typed}
        error={error}
        onChange={(value) => {
          setTyped(value);
          setError(undefined);
        }}
      />
      <Button type="submit" look="primary" aria-disabled={pending || undefined}>
        {pending ? 'Starting' : button}
      </Button>
    </form>
  );
}
