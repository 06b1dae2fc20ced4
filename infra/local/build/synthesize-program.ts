/** Run by `synthesize.ts`: one stage into one folder. */
import * as z from 'zod';
import { buildApp } from '../../build-app.ts';
import { STAGE_NAMES } from '../../stages.ts';

const optionsSchema = z.object({
  stage: z.enum(STAGE_NAMES),
  outdir: z.string(),
  gamePlatformApiBaseUrl: z.url(),
  tableName: z.string().optional(),
});

const { stage, tableName, ...options } = optionsSchema.parse(JSON.parse(process.argv[2] ?? ''));
buildApp({
  stages: [stage],
  // It runs on this machine, whatever is still to be replaced.
  deploy: false,
  ...options,
  ...(tableName === undefined ? {} : { settings: { tableName } }),
}).synth();
