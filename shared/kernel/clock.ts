/** Tells the time. Injected wherever time decides something, so that a test can run a month in a second. */
export type Clock = () => Date;

export const sleepFor = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

export const systemClock: Clock = () => new Date();
