import { customResourceEntry } from '#shared/kernel/custom-resource.ts';
import { seed } from './seed.ts';

export const handler = customResourceEntry(
  ({ log }) =>
    (type, signal) =>
      seed(type, signal, log),
);
