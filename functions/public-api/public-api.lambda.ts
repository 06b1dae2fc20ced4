import { apiEntry } from '#shared/http/api-entry.ts';
import { buildDependencies } from './dependencies.ts';

/** Also serves `$default`: paths that no route knows get a 404 in the API's own form. */
export const handler = apiEntry(buildDependencies);
