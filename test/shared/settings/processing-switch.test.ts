import { describe, expect, test } from 'vitest';
import { createProcessingSwitch } from '#shared/settings/processing-switch.ts';
import { PROCESSING_ON, type Suspension, type PlatformBlock } from '#shared/settings/processing.ts';

const START = Date.parse('2026-11-25T18:00:00Z');

/** A switch on settings and a budget that a test changes. */
function world() {
  const state = {
    enabled: true,
    block: null as PlatformBlock | null,
    waits: null as Suspension | null,
    reads: 0,
  };
  let nowMs = START;
  const processing = createProcessingSwitch({
    settings: {
      processing: () => {
        state.reads += 1;
        return Promise.resolve({
          processing: { ...PROCESSING_ON, enabled: state.enabled },
          block: state.block,
        });
      },
      saveBlock: (block) => {
        state.block = block;
        return Promise.resolve();
      },
    },
    readWaits: () => {
      const { waits } = state;
      return Promise.resolve(() => waits);
    },
    now: () => new Date(nowMs),
  });
  return { state, processing, after: (ms: number) => (nowMs += ms) };
}

describe('Whether calls may be made', () => {
  test('is read once in ten seconds while they may', async () => {
    const { state, processing, after } = world();
    expect(await processing.suspension()).toBeNull();
    state.enabled = false;
    after(9_999);
    expect(await processing.suspension()).toBeNull();
    after(1);
    expect(await processing.suspension()).toEqual({ kind: 'off' });
    expect(state.reads).toBe(2);
  });

  const waits: Suspension = { kind: 'waiting', code: 'DAY_SPENT', until: '2026-11-26T08:00:00.000Z' };
  test.each<[string, (state: ReturnType<typeof world>['state']) => void]>([
    ['processing is switched on again', (state) => (state.enabled = !state.enabled)],
    ['the budget has calls again', (state) => (state.waits = state.waits === null ? waits : null)],
  ])('is seen at once when %s, so that nothing is put off by a pause that is over', async (_, toggle) => {
    const { state, processing, after } = world();
    toggle(state);
    expect(await processing.suspension()).not.toBeNull();
    toggle(state);
    after(1);
    expect(await processing.suspension()).toBeNull();
  });

  test('is no for a minute after a refused token, and then asked again', async () => {
    const { processing, after } = world();
    await processing.block('TOKEN_REFUSED');
    expect(await processing.suspension()).toEqual({ kind: 'blocked', code: 'TOKEN_REFUSED' });
    after(60_000);
    expect(await processing.suspension()).toBeNull();
  });
});
