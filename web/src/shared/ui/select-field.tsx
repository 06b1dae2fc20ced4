import { ChevronDown } from 'lucide-react';

interface SelectFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly options: readonly { readonly value: string; readonly text: string }[];
}

/** A filter: the browser's own list, so that it works with every keyboard, reader and phone. */
export function SelectField({ label, value, onChange, options }: SelectFieldProps) {
  return (
    <label className="field">
      <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
      <ChevronDown size={14} aria-hidden />
    </label>
  );
}
