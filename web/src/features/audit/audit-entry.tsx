import type { AuditItem } from '#shared/audit/contract.ts';
import { clockTime } from '#shared/kernel/format.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { ArrowRight, Undo2 } from 'lucide-react';
import { Link, useNavigate } from 'react-router';
import {
  actionWords,
  differencesOf,
  endedHow,
  meanwhileOf,
  pageOf,
  undoOf,
  type Difference,
} from './audit-labels.ts';

interface AuditEntryProps {
  readonly item: AuditItem;
  readonly onOnly: (filters: { readonly actor?: string; readonly subject?: string }) => void;
}

/** One entry: who, for whom, what, and what it changed. */
export function AuditEntry({ item, onOnly }: AuditEntryProps) {
  const { timeZone } = useConfig();
  const { at, actor, actingAs, action, subject, details } = item;
  const { verb, about } = actionWords(action);
  const differences = differencesOf(item);
  const { reason } = details;
  const meanwhile = meanwhileOf(item);
  const how = endedHow(item);
  return (
    <li className="grid gap-x-4 gap-y-1 border-t border-line px-4 py-3 sm:grid-cols-[5rem_minmax(0,1fr)_auto] sm:px-5">
      <time dateTime={at} className="text-13 text-muted">
        {clockTime(at, timeZone)}
      </time>
      <div className="grid min-w-0 gap-1.5 text-13">
        <p>
          <button
            type="button"
            className="font-medium underline decoration-line-control underline-offset-2"
            aria-label={`Only what ${actor.name ?? actor.id} did`}
            onClick={() => onOnly({ actor: actor.id })}
          >
            <bdi>{actor.name ?? actor.id}</bdi>
          </button>{' '}
          {actingAs !== null && (
            <span className="text-pending">
              for <bdi>{actingAs.name ?? actingAs.id}</bdi>{' '}
            </span>
          )}
          {verb} {about && <Subject item={item} />}
          {how !== null && ` ${how}`}
        </p>
        {differences.length > 0 && (
          <dl className="grid gap-1 border-l border-line-strong pl-3">
            {differences.map((difference) => (
              <Changed key={difference.label} {...difference} />
            ))}
          </dl>
        )}
        <p className="flex flex-wrap gap-x-3 text-12 text-muted">
          <span className="mono">{action}</span>
          {about && subject.name === null && <span className="mono">{subject.id}</span>}
          {typeof reason === 'string' && (
            <span>
              “<bdi>{reason}</bdi>”
            </span>
          )}
          {meanwhile !== null && (
            <Link to={meanwhile} className="underline underline-offset-2">
              What was done meanwhile
            </Link>
          )}
          {about && (
            <button
              type="button"
              className="underline underline-offset-2"
              aria-label={`Only this: ${subject.name ?? subject.id}`}
              onClick={() => onOnly({ subject: subject.id })}
            >
              Only this
            </button>
          )}
        </p>
      </div>
      <Undo item={item} />
    </li>
  );
}

function Subject({ item }: { item: AuditItem }) {
  const to = pageOf(item);
  const { name } = item.subject;
  if (name === null) return <span className="text-text-2">someone or something that has no name here</span>;
  return to === null ? (
    <bdi className="font-medium">{name}</bdi>
  ) : (
    <Link to={to} className="font-medium underline decoration-line-control underline-offset-2">
      <bdi>{name}</bdi>
    </Link>
  );
}

const Changed = ({ label, was, is }: Difference) => (
  <div className="flex flex-wrap items-center gap-x-3">
    <dt className="text-muted">{label}</dt>
    <dd className="flex flex-wrap items-center gap-1.5">
      {was !== null && (
        <>
          <span className="sr-only">from </span>
          <s className="text-muted">{was}</s>
          <ArrowRight size={12} aria-hidden />
          <span className="sr-only">to </span>
        </>
      )}
      <bdi className={was === null ? 'text-text-2' : 'font-medium'}>{is}</bdi>
    </dd>
  </div>
);

/** Puts the old values into the form of the settings; they are saved there like any other change. */
function Undo({ item }: { item: AuditItem }) {
  const { timeZone } = useConfig();
  const navigate = useNavigate();
  const putBack = undoOf(item);
  if (putBack === null) return null;
  return (
    <Button
      small
      className="self-start justify-self-start"
      aria-label={`Undo the change of ${clockTime(item.at, timeZone)}`}
      onClick={() => void navigate('/settings', { state: { putBack } })}
    >
      <Undo2 size={14} aria-hidden /> Undo
    </Button>
  );
}
