import { GamePlatformError } from '#shared/game-platform/game-platform-error.ts';

/** A cause that a person can read. Says the kind of error, never its text: that may hold what people typed in. */
export function failureSentence(error: unknown): string {
  if (error instanceof GamePlatformError) {
    return `The Game Platform did not do what was asked (${error.code}, ${error.context.endpoint}).`;
  }
  const name = error instanceof Error ? error.name : 'unknown';
  return `An error of our own (${name}). The log names it under this job and part.`;
}
