import { openDynoxide } from '#test/support/dynoxide.ts';
import { drawHistory, type Size } from './history.ts';
import { runHistory, type SeedResult } from './run-seed.ts';
import { shrink } from './shrink.ts';

/** A process that lives seeds, one after another, as its parent asks for them. */

export interface Task {
  readonly seed: number;
  readonly size: Size;
  /** How many tries a failure's history is made shorter with. */
  readonly tries: number;
}

export type Told =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly result: SeedResult; readonly ms: number }
  | { readonly kind: 'broken'; readonly seed: number; readonly error: string };

const dynoxide = await openDynoxide();
const tell = (told: Told) => process.send?.(told);

async function live({ seed, size, tries }: Task): Promise<void> {
  const begun = performance.now();
  try {
    const history = drawHistory(seed, size);
    let result = await runHistory(history, dynoxide);
    const ms = performance.now() - begun;
    const [first] = result.findings;
    if (first !== undefined && tries > 0) {
      const short = await shrink(
        history,
        async (one) => (await runHistory(one, dynoxide)).findings.some(({ kind }) => kind === first.kind),
        tries,
      );
      result = { ...(await runHistory(short, dynoxide)), counts: result.counts };
    }
    tell({ kind: 'done', ms, result: result.findings.length === 0 ? { ...result, story: [] } : result });
  } catch (error) {
    tell({ kind: 'broken', seed, error: error instanceof Error ? String(error.stack) : String(error) });
  }
}

process.on('message', (task: Task | 'end') => {
  if (task !== 'end') {
    void live(task);
    return;
  }
  void dynoxide.stop().then(() => process.disconnect());
});
// Its DynamoDB ends with it, however it ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
process.once('disconnect', () => process.exit());
tell({ kind: 'ready' });
