/** Run by `synthesize.ts`: one stage into one folder. */
import * as z from 'zod';
import { buildApp } from '../../build-app.ts';
import { STAGE_NAMES } from '../../stages.ts';
import { LOCAL_SETTINGS } from '../local-settings.ts';

const optionsSchema = z.object({
  stage: z.enum(STAGE_NAMES),
  outdir: z.string(),
  gamePlatformApiBaseUrl: z.url(),
});

const { stage, ...options } = optionsSchema.parse(JSON.parse(process.argv[2] ?? ''));
// It runs on this machine, whatever is still to be replaced.
buildApp({ stages: [stage], deploy: false, settings: LOCAL_SETTINGS, ...options }).synth();
