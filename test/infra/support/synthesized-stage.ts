import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp, type BuildAppOptions } from '#infra/build-app.ts';
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
  readonly updateReplacePolicy: string | undefined;
  /** What references to it become: its ARN where these tests know it. */
  readonly arn: string;
}

export interface SynthesizedStage {
  readonly name: StageName;
  readonly settings: StageSettings;
  readonly resources: readonly Resource[];
  readonly stacks: readonly SynthesizedStack[];
  /** All of one type, at least one. */
  ofType(type: string): readonly Resource[];
  /** The only one of a type. */
  only(type: string): Resource;
  /** The text of a stack's template. */
  templateText(stack: (typeof STACKS)[number]): string;
}

export interface SynthesizedStack {
  readonly name: string;
  readonly template: RawTemplate;
  readonly terminationProtection: boolean;
  /** Stacks that are deployed before this one. */
  readonly after: readonly string[];
}

/** What the checks said of all stages together. */
export interface ValidationReport {
  readonly pluginReports: readonly unknown[];
}

interface SynthesizeOptions {
  /** Other settings than the stages' own. */
  readonly settings?: NonNullable<BuildAppOptions['settings']>;
  /** @default true */
  readonly checked?: boolean;
}

/** Synthesizes stages as `cdk synth` would, from placeholder assets. */
export function synthesizeStages(
  names: readonly StageName[],
  { settings = {}, checked = true }: SynthesizeOptions = {},
): {
  readonly stages: readonly SynthesizedStage[];
  readonly report: ValidationReport;
} {
  const directory = mkdtempSync(join(tmpdir(), 'coach-dashboard-templates-'));
  try {
    const outdir = join(directory, 'cdk.out');
    const assetsDirectory = placeholderAssets(join(directory, 'dist'));
    // A stage may be half filled in.
    buildApp({ stages: names, outdir, assetsDirectory, settings, checked, deploy: false }).synth();
    const report = join(outdir, 'validation-report.json');
    return {
      stages: names.map((name) => readStage(outdir, { ...STAGES[name], ...settings })),
      report: checked
        ? (JSON.parse(readFileSync(report, 'utf8')) as ValidationReport)
        : { pluginReports: [] },
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function readStage(outdir: string, settings: StageSettings): SynthesizedStage {
  const { name } = settings;
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
      updateReplacePolicy: raw.UpdateReplacePolicy,
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
    stacks: Object.entries(templates).map(([stack, template]) => stackOf(outdir, stack, template)),
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

/** What the manifest of an assembly says of a stack, as far as these tests read it. */
interface Manifest {
  readonly artifacts: Readonly<
    Record<
      string,
      {
        readonly dependencies?: readonly string[];
        readonly properties?: { readonly terminationProtection?: boolean };
      }
    >
  >;
}

function stackOf(outdir: string, name: string, template: RawTemplate): SynthesizedStack {
  const { artifacts } = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')) as Manifest;
  const artifact = artifacts[name];
  return {
    name,
    template,
    terminationProtection: artifact?.properties?.terminationProtection ?? false,
    after: (artifact?.dependencies ?? []).filter((needed) => !needed.endsWith('.assets')),
  };
}
