import { count } from '#shared/kernel/format.ts';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly note: string;
}

/** A plan in numbers, side by side. */
export const Figures = ({ label, figures }: { label: string; figures: readonly Figure[] }) => (
  <section className="panel" aria-label={label}>
    <dl className="figures">
      {figures.map(({ name, value, note }) => (
        <div key={name}>
          <dt className="text-13 text-text-2">{name}</dt>
          <dd className="mt-1 mb-0.5 text-36 font-medium tracking-[-.02em] tabular-nums">{count(value)}</dd>
          <dd className="text-12 text-muted">{note}</dd>
        </div>
      ))}
    </dl>
  </section>
);
