import { expect, it } from 'vitest';
import type { Resource, SynthesizedStage } from '../support/synthesized-stage.ts';

/** What holds data. Everything else can be made anew from the sources. */
const HOLDS_DATA = ['/Key/', '/Table/', '/Exports/', '/SignIn/UserPool/', '/GamePlatformToken/'];

const isKept = ({ deletionPolicy, updateReplacePolicy }: Resource): boolean =>
  [deletionPolicy, updateReplacePolicy].some((policy) => policy?.startsWith('Retain') === true);

/** An established stage keeps what holds data; before that, everything goes, so that the second try finds no name taken. */
export function lifeSpan(stage: SynthesizedStage): void {
  const { established } = stage.settings;
  const inData = () => stage.resources.filter(({ stack }) => stack.endsWith('-Data'));

  it('keeps what holds data once the stage is established, and else nothing of a fixed name', () => {
    const kept = stage.resources.filter(isKept);
    const [files, ...otherBuckets] = kept.filter(({ stack }) => stack.endsWith('-Web'));
    // With files in it, it could not be deleted; left behind, it is in nobody's way.
    expect(otherBuckets).toEqual([]);
    expect(files).toMatchObject({ type: 'AWS::S3::Bucket', deletionPolicy: 'Retain' });
    expect(files?.properties).not.toHaveProperty('BucketName');
    const others = kept.filter((resource) => resource !== files);
    expect(others.map(({ path }) => path).toSorted()).toEqual(
      established
        ? HOLDS_DATA.map((part) => `CoachDashboard-${stage.name}-Data${part}Resource`).toSorted()
        : [],
    );
    // What is added later may fail too.
    for (const { path, deletionPolicy, updateReplacePolicy } of others)
      expect([deletionPolicy, updateReplacePolicy], path).toEqual(['RetainExceptOnCreate', 'Retain']);
  });

  it('protects table, people and stacks from deletion exactly when the stage is established', () => {
    expect(stage.only('AWS::DynamoDB::Table').properties['DeletionProtectionEnabled']).toBe(established);
    expect(stage.only('AWS::Cognito::UserPool').properties['DeletionProtection']).toBe(
      established ? 'ACTIVE' : 'INACTIVE',
    );
    for (const { name, terminationProtection } of stage.stacks)
      expect(terminationProtection, name).toBe(established);
  });

  it('holds nothing beside data that another customer of AWS may own already', () => {
    // Names of buckets have the account in them.
    expect(inData().map(({ type }) => type)).not.toContain('AWS::Cognito::UserPoolDomain');
    expect(inData().filter(({ type }) => /^AWS::(SES|CloudFront|Route53)::/.test(type))).toEqual([]);
    const { account } = stage.settings;
    for (const { path, properties } of stage.ofType('AWS::S3::Bucket'))
      expect(properties['BucketName'] ?? account, path).toContain(account);
  });

  it('exports nothing that holds data, since an export in use cannot change after a restore', () => {
    const exported = stage.stacks.flatMap(({ name, template }) =>
      Object.entries(template.Outputs ?? {})
        .filter(([, { Export }]) => Export !== undefined)
        .map(([output, { Value }]) => ({ name, output, value: JSON.stringify(Value) })),
    );
    const holders = inData().filter(({ path }) =>
      [...HOLDS_DATA, '/OriginSecret/'].some((part) => path.includes(part)),
    );
    expect(holders.length).toBeGreaterThan(HOLDS_DATA.length);
    const found = exported.filter(({ value }) => holders.some(({ id }) => value.includes(`"${id}"`)));
    expect(found).toEqual([]);
    // Nothing else of that stack either.
    expect(exported.filter(({ name }) => name.endsWith('-Data'))).toEqual([]);
  });

  it('knows the table and the bucket of exports by name alone, so that another one can take their place', () => {
    const outputs = stage.stacks.find(({ name }) => name.endsWith('-Data'))?.template.Outputs ?? {};
    const values = JSON.stringify(Object.values(outputs));
    for (const { id } of [
      stage.only('AWS::DynamoDB::Table'),
      ...inData().filter(({ path }) => path.includes('/Exports/')),
    ])
      expect(values).not.toContain(`"${id}"`);
  });

  it('is deployed in the order in which stacks know each other', () => {
    const named = (...stacks: readonly string[]) =>
      stacks.map((stack) => `CoachDashboard-${stage.name}-${stack}`);
    const order = Object.fromEntries(stage.stacks.map(({ name, after }) => [name, after.toSorted()]));
    const [data, sync, web, observability] = named('Data', 'Sync', 'Web', 'Observability');
    expect(order).toEqual({
      [data!]: [],
      [sync!]: [data],
      [web!]: named('Data', 'Sync'),
      [observability!]: named('Data', 'Sync', 'Web'),
    });
  });
}
