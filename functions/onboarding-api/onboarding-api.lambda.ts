import { apiEntry } from '#shared/http/api-entry.ts';
import { createInstruments } from '#shared/kernel/instruments.ts';
import { createTracing } from '#shared/kernel/powertools-tracing.ts';
import { buildDependencies } from './dependencies.ts';

export const handler = apiEntry(buildDependencies, createInstruments(createTracing()));
