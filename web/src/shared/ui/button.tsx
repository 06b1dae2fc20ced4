import { Slot } from 'radix-ui';
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: 'plain' | 'primary' | 'ghost';
  readonly small?: boolean;
  /** Square; give it an `aria-label`. */
  readonly iconOnly?: boolean;
  /** Renders the one child (a link) with the button's looks. */
  readonly asChild?: boolean;
}

export function Button({ look = 'plain', small, iconOnly, asChild, className, type, ...rest }: ButtonProps) {
  const names = classNames('btn', look !== 'plain' && look, small && 'sm', iconOnly && 'icon', className);
  if (asChild) return <Slot.Root className={names} {...rest} />;
  return <button type={type ?? 'button'} className={names} {...rest} />;
}
