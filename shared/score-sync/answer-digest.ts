import { createHash } from 'node:crypto';
import { type Mapped, type MappedFlash, solveKey } from './solve-mapping.ts';

/**
 * A fingerprint of what an answer says, whatever its order and the time of the read. The same fingerprint as that of
 * an answer that was stored means that nothing has to be looked up. 128 bits of SHA-256.
 */
export function answerDigest(mapped: Mapped | MappedFlash): string {
  const solves = mapped.solves
    .map((solve) => JSON.stringify({ ...solve, key: solveKey(solve), storedAt: '' }))
    .toSorted();
  const results =
    'results' in mapped
      ? mapped.results.map((result) => JSON.stringify({ ...result, readAt: '' })).toSorted()
      : [];
  const rejected = mapped.rejected
    .map(({ source, eventId, unparsed }) =>
      JSON.stringify([source, eventId, unparsed.issues, unparsed.redacted]),
    )
    .toSorted();
  return createHash('sha256')
    .update(JSON.stringify([solves, results, rejected]))
    .digest('base64url')
    .slice(0, 22);
}
