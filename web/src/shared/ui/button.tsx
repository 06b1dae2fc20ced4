import type { ComponentProps } from 'react';
import { Link } from 'react-router';
import { classNames } from './class-names.ts';

interface Looks {
  readonly look?: 'plain' | 'primary' | 'ghost' | 'danger' | undefined;
  readonly small?: boolean | undefined;
  /** Square; give it an `aria-label`. */
  readonly iconOnly?: boolean | undefined;
  readonly className?: string | undefined;
}

const namesOf = ({ look = 'plain', small, iconOnly, className }: Looks) =>
  classNames('btn', look !== 'plain' && look, small && 'sm', iconOnly && 'icon', className);

export function Button({
  look,
  small,
  iconOnly,
  className,
  type,
  ...rest
}: ComponentProps<'button'> & Looks) {
  return (
    <button type={type ?? 'button'} className={namesOf({ look, small, iconOnly, className })} {...rest} />
  );
}

/** A link of this site that looks like a button. */
export function ButtonLink({
  look,
  small,
  iconOnly,
  className,
  ...rest
}: ComponentProps<typeof Link> & Looks) {
  return <Link className={namesOf({ look, small, iconOnly, className })} {...rest} />;
}
