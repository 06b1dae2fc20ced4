/** Run by `synthesize.ts`: one stage into one folder, as standard input says when everything here is loaded. */
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { buildApp } from '../../build-app.ts';
import { STAGE_NAMES } from '../../stages.ts';
import { LOCAL_SETTINGS } from '../local-settings.ts';

const optionsSchema = z.object({
  stage: z.enum(STAGE_NAMES),
  outdir: z.string(),
  gamePlatformApiBaseUrl: z.url(),
  tableName: z.string().optional(),
});

const { stage, tableName, ...options } = optionsSchema.parse(JSON.parse(await text(process.stdin)));
buildApp({
  stages: [stage],
  // It runs on this machine, whatever is still to be replaced.
  deploy: false,
  ...options,
  settings: { ...LOCAL_SETTINGS, ...(tableName === undefined ? {} : { tableName }) },
}).synth();
