import { describe, expect, it } from 'vitest';
import { leftToWait, originState } from '../../../scripts/operations/rotate-secret.ts';

describe('the rotation of the origin secret', () => {
  const values = { current: 'new', previous: 'old' };

  it.each([
    ['new', 'in_step'],
    ['old', 'put'],
    ['older', 'locked_out'],
    [undefined, 'locked_out'],
  ])('stands by what CloudFront sends: %s is %s', (originValue, state) => {
    expect(originState({ originValue }, values)).toBe(state);
  });

  it('begins only where the current value is sent, also when there was none before', () => {
    expect(originState({ originValue: 'new' }, { current: 'new', previous: null })).toBe('in_step');
    expect(originState({ originValue: undefined }, { current: null, previous: null })).toBe('locked_out');
  });

  it('waits five minutes from the new value on, and no longer after a break', () => {
    const put = new Date('2026-11-30T12:00:00Z');
    expect(leftToWait(put, put)).toBe(300_000);
    expect(leftToWait(put, new Date('2026-11-30T12:04:00Z'))).toBe(60_000);
    expect(leftToWait(put, new Date('2026-11-30T13:00:00Z'))).toBe(0);
  });
});
