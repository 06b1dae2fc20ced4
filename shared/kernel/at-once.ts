/** Work on many things, a few of them at a time. */

/** Divided into lists of at most `size`, in order. */
export const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );

/**
 * The answers, in the order of the items; at most `most` at a time. After a failure none is begun, and all that were
 * have ended when this rejects.
 */
export async function mapAtOnce<T, R>(
  items: Iterable<T>,
  most: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const left = [...items].entries();
  const answers: R[] = [];
  let failed = false;
  const next = async (): Promise<void> => {
    for (const [index, item] of left) {
      if (failed) return;
      try {
        answers[index] = await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: most }, next));
  const broken = ends.find((end) => end.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
  return answers;
}
