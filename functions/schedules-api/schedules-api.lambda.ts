import { apiEntry } from '#shared/http/api-entry.ts';
import { buildDependencies } from './dependencies.ts';

export const handler = apiEntry(buildDependencies);
