import { ChevronDown, OctagonAlert } from 'lucide-react';
import { useId, type ComponentProps, type ReactNode } from 'react';

interface InputProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What is wrong with the value, and what to do. */
  readonly error?: string | undefined;
  readonly hint?: string | undefined;
}

/** A labeled field of a form: label above, hint or error below, tied together for screen readers. */
export function TextInput({
  label,
  value,
  onChange,
  error,
  hint,
  ...input
}: InputProps &
  Pick<
    ComponentProps<'input'>,
    'type' | 'required' | 'autoComplete' | 'inputMode' | 'min' | 'max' | 'maxLength' | 'ref'
  >) {
  const id = useId();
  return (
    <Labeled id={id} label={label} required={input.required} error={error} hint={hint}>
      <span className="field">
        <input
          {...input}
          id={id}
          value={value}
          aria-invalid={error !== undefined || undefined}
          aria-describedby={describedBy(id, error, hint)}
          onChange={(event) => onChange(event.target.value)}
        />
      </span>
    </Labeled>
  );
}

/** Several lines; grows no further than the form lets it. */
export function TextArea({
  label,
  value,
  onChange,
  error,
  hint,
  ...area
}: InputProps & Pick<ComponentProps<'textarea'>, 'required' | 'maxLength' | 'placeholder' | 'rows' | 'ref'>) {
  const id = useId();
  return (
    <Labeled id={id} label={label} required={area.required} error={error} hint={hint}>
      <span className="field area">
        <textarea
          rows={3}
          {...area}
          id={id}
          value={value}
          aria-invalid={error !== undefined || undefined}
          aria-describedby={describedBy(id, error, hint)}
          onChange={(event) => onChange(event.target.value)}
        />
      </span>
    </Labeled>
  );
}

export function SelectInput({
  label,
  value,
  onChange,
  error,
  hint,
  options,
}: InputProps & { readonly options: readonly { readonly value: string; readonly text: string }[] }) {
  const id = useId();
  return (
    <Labeled id={id} label={label} error={error} hint={hint}>
      <span className="field">
        <select
          id={id}
          value={value}
          aria-invalid={error !== undefined || undefined}
          aria-describedby={describedBy(id, error, hint)}
          onChange={(event) => onChange(event.target.value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.text}
            </option>
          ))}
        </select>
        <ChevronDown size={14} aria-hidden />
      </span>
    </Labeled>
  );
}

const describedBy = (id: string, error: string | undefined, hint: string | undefined) =>
  error === undefined && hint === undefined ? undefined : `${id}-note`;

interface LabeledProps {
  readonly id: string;
  readonly label: string;
  readonly required?: boolean | undefined;
  readonly error: string | undefined;
  readonly hint: string | undefined;
  readonly children: ReactNode;
}

const Labeled = ({ id, label, required, error, hint, children }: LabeledProps) => (
  <div className="labeled">
    <label htmlFor={id}>
      {label}
      {required === true && <span className="text-muted"> (needed)</span>}
    </label>
    {children}
    {error !== undefined ? (
      <span className="bad" id={`${id}-note`}>
        <OctagonAlert size={14} aria-hidden /> {error}
      </span>
    ) : (
      hint !== undefined && (
        <span className="hint" id={`${id}-note`}>
          {hint}
        </span>
      )
    )}
  </div>
);
