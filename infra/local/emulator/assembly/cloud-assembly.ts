import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import * as z from 'zod';

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Condition: z.string().optional(),
  Metadata: z.record(z.string(), z.unknown()).optional(),
});

const templateSchema = z.object({
  Parameters: z
    .record(z.string(), z.object({ Type: z.string(), Default: z.unknown().optional() }))
    .default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(z.string(), resourceSchema).default({}),
  Outputs: z
    .record(z.string(), z.object({ Value: z.unknown(), Export: z.object({ Name: z.unknown() }).optional() }))
    .default({}),
});

export type TemplateResource = z.infer<typeof resourceSchema>;
export type Template = z.infer<typeof templateSchema>;

export interface AssemblyStack {
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  readonly template: Template;
  /** Absolute path of each file asset by its hash. */
  readonly assets: ReadonlyMap<string, string>;
}

/** Changes a template in place before it is read, as if the CDK app had written it so. */
export type EditTemplate = (stackName: string, template: RawTemplate) => void;

/** A template as JSON, for {@link EditTemplate}. */
export interface RawTemplate {
  Resources: Record<string, { Type: string; Properties?: Record<string, unknown>; [key: string]: unknown }>;
  [section: string]: unknown;
}

const manifestSchema = z.object({
  artifacts: z
    .record(
      z.string(),
      z.object({
        type: z.string(),
        environment: z.string().optional(),
        properties: z.record(z.string(), z.unknown()).default({}),
      }),
    )
    .default({}),
});

const assetManifestSchema = z.object({
  files: z
    .record(z.string(), z.object({ source: z.object({ path: z.string().optional() }).default({}) }))
    .default({}),
});

const rawTemplateSchema = z.custom<RawTemplate>(
  (value) => typeof value === 'object' && value !== null && 'Resources' in value,
  'not a CloudFormation template',
);

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/**
 * Reads every stack of a cloud assembly folder, nested assemblies (CDK stages) included.
 *
 * @throws {Error} when the folder is no cloud assembly, or a stack has no fixed account and region
 */
export function readCloudAssembly(directory: string, editTemplate?: EditTemplate): AssemblyStack[] {
  const manifest = manifestSchema.parse(readJson(join(directory, 'manifest.json')));
  const assets = new Map<string, string>();
  const stacks: AssemblyStack[] = [];
  for (const [id, { type, environment, properties }] of Object.entries(manifest.artifacts)) {
    const file =
      text(properties['file']) ?? text(properties['templateFile']) ?? text(properties['directoryName']);
    if (file === undefined) continue;
    const path = join(directory, file);
    if (type === 'cdk:cloud-assembly') {
      stacks.push(...readCloudAssembly(path, editTemplate));
    } else if (type === 'cdk:asset-manifest') {
      for (const [hash, { source }] of Object.entries(assetManifestSchema.parse(readJson(path)).files)) {
        if (source.path !== undefined) assets.set(hash, resolve(directory, source.path));
      }
    } else if (type === 'aws:cloudformation:stack') {
      const name = text(properties['stackName']) ?? id;
      const [, accountId, region] = /^aws:\/\/(\d{12})\/([a-z0-9-]+)$/.exec(environment ?? '') ?? [];
      if (accountId === undefined || region === undefined) {
        throw new Error(`${name}: the stack has no fixed account and region (${environment ?? 'none'}).`);
      }
      const raw = rawTemplateSchema.parse(readJson(path));
      editTemplate?.(name, raw);
      stacks.push({ name, accountId, region, template: templateSchema.parse(raw), assets });
    }
  }
  if (stacks.length === 0) throw new Error(`No stack in the cloud assembly ${basename(directory)}.`);
  return stacks;
}
