interface PickProps {
  readonly label: string;
  readonly checked: boolean;
  /** Some of what it stands for is ticked, not all. */
  readonly some?: boolean;
  readonly onChange: (ticked: boolean) => void;
}

/** The box of a row, or of a page of rows; the label around it makes it big enough for a finger. */
export const Pick = ({ label, checked, some = false, onChange }: PickProps) => (
  <label className="pick">
    <span className="sr-only">{label}</span>
    <input
      type="checkbox"
      checked={checked}
      ref={(box) => {
        if (box) box.indeterminate = some && !checked;
      }}
      onChange={(event) => onChange(event.target.checked)}
    />
  </label>
);
