import { counted, plural } from '#shared/kernel/format.ts';
import { Check } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';
import type { Choices, Conflict, Side, Values } from './conflict.ts';

interface ConflictFormProps {
  /** "Leilani Kahale" */
  readonly name: string;
  readonly conflict: Conflict;
  readonly mine: Values;
  readonly theirs: Values;
  readonly labelOf: (field: string) => string;
  readonly textOf: (field: string, value: string | boolean) => string;
  readonly saving: boolean;
  readonly onSave: (choices: Choices) => void;
  readonly onBack: () => void;
}

/** Someone else saved first: both versions, field by field. Nothing is chosen in advance, so no key press loses any. */
export function ConflictForm(props: ConflictFormProps) {
  const { name, conflict, mine, theirs, labelOf, textOf, saving, onSave, onBack } = props;
  const { both, onlyMine, onlyTheirs } = conflict;
  const [choices, setChoices] = useState<Choices>({});
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const all = (side: Side) => setChoices(Object.fromEntries(both.map((field) => [field, side])));
  const chosen = both.filter((field) => choices[field] !== undefined).length;
  const pressable = chosen === both.length && !saving;
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (pressable) onSave(choices);
      }}
    >
      <div>
        <h3 ref={heading} tabIndex={-1} className="text-14 font-medium">
          Someone else changed <bdi>{name}</bdi> too
        </h3>
        <p className="text-13 text-text-2">
          {both.length === 0
            ? 'You changed different fields, so both changes can be kept. Nothing is saved yet.'
            : `${counted(both.length, 'field')} ${plural(both.length, 'differs', 'differ')}. Choose which version to keep. Nothing is saved yet.`}
        </p>
      </div>
      {both.length > 1 && (
        <div className="flex flex-wrap gap-2">
          <Button small onClick={() => all('mine')}>
            Keep all mine
          </Button>
          <Button small onClick={() => all('theirs')}>
            Keep all theirs
          </Button>
        </div>
      )}
      {both.map((field) => (
        <fieldset key={field} className="grid gap-2">
          <legend className="pb-1.5 text-13 font-medium">{labelOf(field)}</legend>
          <div className="grid gap-2 sm:grid-cols-2">
            {(['mine', 'theirs'] as const).map((side) => (
              <Version
                key={side}
                text={textOf(field, (side === 'mine' ? mine : theirs)[field] ?? '')}
                who={side === 'mine' ? 'Mine, not saved' : 'Theirs, saved'}
                name={field}
                checked={choices[field] === side}
                onPick={() => setChoices({ ...choices, [field]: side })}
              />
            ))}
          </div>
        </fieldset>
      ))}
      {onlyMine.length + onlyTheirs.length > 0 && (
        <ul className="grid gap-1 text-13 text-text-2">
          {onlyMine.map((field) => (
            <Merged
              key={field}
              text={`${labelOf(field)}: only you changed it. Yours is kept: ${textOf(field, mine[field] ?? '')}.`}
            />
          ))}
          {onlyTheirs.map((field) => (
            <Merged
              key={field}
              text={`${labelOf(field)}: only they changed it. Theirs is kept: ${textOf(field, theirs[field] ?? '')}.`}
            />
          ))}
        </ul>
      )}
      <div className="flex flex-wrap items-center justify-end gap-2">
        {both.length > 0 && (
          <output className="mr-auto text-13 text-muted">
            {chosen} of {both.length} chosen
          </output>
        )}
        <Button onClick={onBack}>Back to my form</Button>
        <Button look="primary" type="submit" aria-disabled={!pressable || undefined}>
          {saving ? 'Saving' : both.length === 0 ? 'Save both' : 'Save my choices'}
        </Button>
      </div>
    </form>
  );
}

interface VersionProps {
  readonly text: string;
  readonly who: string;
  readonly name: string;
  readonly checked: boolean;
  readonly onPick: () => void;
}

function Version({ text, who, name, checked, onPick }: VersionProps) {
  const id = useId();
  return (
    <label className="version" htmlFor={id}>
      <input
        type="radio"
        id={id}
        aria-label={`${who}: ${text}`}
        name={name}
        checked={checked}
        onChange={onPick}
      />
      <span className="min-w-0">
        <bdi className="block wrap-anywhere">{text}</bdi>
        <span className="block text-12 text-muted">{who}</span>
      </span>
    </label>
  );
}

const Merged = ({ text }: { text: string }) => (
  <li className="flex gap-2">
    <Check size={14} className="mt-0.5 shrink-0 text-ok" aria-hidden /> <span>{text}</span>
  </li>
);
