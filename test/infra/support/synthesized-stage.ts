import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '#infra/build-app.ts';
import { STAGES, type StageName, type StageSettings } from '#infra/stages.ts';
import { placeholderAssets } from './placeholder-assets.ts';
import { createResolver, textOr, type RawTemplate } from './template-values.ts';

const STACKS = ['Data', 'Sync', 'Web', 'Observability'] as const;

/** A resource with every intrinsic function replaced by a value. */
export interface Resource {
  readonly id: string;
  readonly stack: string;
  readonly type: string;
  /** Path of its construct, for example `CoachDashboard-dev-Sync/Roster/Queue/Resource`. */
  readonly path: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly deletionPolicy: string | undefined;
  /** What references to it become: its ARN where these tests know it. */
  readonly arn: string;
}

export interface SynthesizedStage {
  readonly name: StageName;
  readonly settings: StageSettings;
  readonly resources: readonly Resource[];
  /** All of one type, at least one. */
  ofType(type: string): readonly Resource[];
  /** The only one of a type. */
  only(type: string): Resource;
  /** The text of a stack's template. */
  templateText(stack: (typeof STACKS)[number]): string;
}

/** What the checks said of all stages together. */
export interface ValidationReport {
  readonly pluginReports: readonly unknown[];
}

/** Synthesizes stages as `cdk synth` would, with checks, from placeholder assets. */
export function synthesizeStages(names: readonly StageName[]): {
  readonly stages: readonly SynthesizedStage[];
  readonly report: ValidationReport;
} {
  const directory = mkdtempSync(join(tmpdir(), 'coach-dashboard-templates-'));
  try {
    const outdir = join(directory, 'cdk.out');
    buildApp({ stages: names, outdir, assetsDirectory: placeholderAssets(join(directory, 'dist')) }).synth();
    return {
      stages: names.map((name) => readStage(outdir, name)),
      report: JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as ValidationReport,
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function readStage(outdir: string, name: StageName): SynthesizedStage {
  const settings = STAGES[name];
  const stackId = (stack: string): string => `CoachDashboard-${name}-${stack}`;
  const texts = Object.fromEntries(
    STACKS.map((stack) => [
      stackId(stack),
      readFileSync(join(outdir, `${stackId(stack)}.template.json`), 'utf8'),
    ]),
  );
  const templates = Object.fromEntries(
    Object.entries(texts).map(([stack, text]) => [stack, JSON.parse(text) as RawTemplate]),
  );
  const resolve = createResolver(templates, settings);
  const resources = Object.entries(templates).flatMap(([stack, template]) =>
    Object.entries(template.Resources).map(([id, raw]): Resource => ({
      id,
      stack,
      type: raw.Type,
      path: textOr(raw.Metadata?.['aws:cdk:path'], `${stack}/${id}`),
      properties: resolve(stack, raw.Properties ?? {}) as Readonly<Record<string, unknown>>,
      deletionPolicy: raw.DeletionPolicy,
      arn: String(resolve(stack, { 'Fn::GetAtt': [id, 'Arn'] })),
    })),
  );
  const ofType = (type: string): readonly Resource[] => {
    const found = resources.filter((resource) => resource.type === type);
    if (found.length === 0) throw new Error(`${name} has no ${type}.`);
    return found;
  };
  return {
    name,
    settings,
    resources,
    ofType,
    only: (type) => {
      const [first, ...others] = ofType(type);
      if (first === undefined || others.length > 0)
        throw new Error(`${name} has ${others.length + 1} of ${type}.`);
      return first;
    },
    templateText: (stack) => texts[stackId(stack)] ?? '',
  };
}
