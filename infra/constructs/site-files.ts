import { CfnElement, Duration, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import type { StageSettings } from '../stages.ts';
import { acknowledge } from './acknowledge.ts';
import { allow } from './grants.ts';
import { createLogGroup, grantWriteLogs, logGroupPrefix } from './log-group.ts';

interface SiteFilesProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  /** Folder with the built site. */
  readonly directory: string;
  readonly bucket: IBucket;
}

/** Files whose name changes with their content. */
const HASHED_FILES = 'assets/*';

/**
 * Puts the site's files into the bucket: first those with a hash in their name, which are kept for a year and stay
 * when the next release comes (a page that is still open asks for them), then the rest, which is asked for anew.
 */
export class SiteFiles extends Construct {
  constructor(scope: Construct, id: string, props: SiteFilesProps) {
    super(scope, id);
    const logGroupName = `${logGroupPrefix(props.stage)}site-deployment`;
    const logGroup = createLogGroup(this, 'Logs', {
      stage: props.stage,
      name: logGroupName,
      encryptionKey: props.encryptionKey,
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: "Copies the site's files when the stack is deployed",
    });
    const files = new Asset(this, 'Files', { path: props.directory });
    grantWriteLogs(role, props.stage, logGroupName);
    allow(role, ['s3:GetObject'], [files.bucket.arnForObjects(files.s3ObjectKey)]);
    allow(role, ['s3:ListBucket'], [props.bucket.bucketArn]);
    allow(role, ['s3:PutObject'], [props.bucket.arnForObjects('*')]);

    const common = {
      sources: [Source.bucket(files.bucket, files.s3ObjectKey)],
      destinationBucket: props.bucket,
      // CDK would add rights to read, overwrite and delete everything in both buckets.
      role: role.withoutPolicyUpdates(),
      logGroup,
      memoryLimit: 512,
      prune: false,
    };
    const hashed = new BucketDeployment(this, 'HashedFiles', {
      ...common,
      exclude: ['*'],
      include: [HASHED_FILES],
      cacheControl: [CacheControl.maxAge(Duration.days(365)), CacheControl.immutable()],
    });
    const page = new BucketDeployment(this, 'Page', {
      ...common,
      exclude: [HASHED_FILES],
      cacheControl: [CacheControl.noCache()],
    });
    page.node.addDependency(hashed);
    this.acknowledgeRules(role, props.bucket);
  }
  private acknowledgeRules(role: Role, bucket: IBucket): void {
    const copier = Stack.of(this).node.children.find(({ node }) =>
      node.id.startsWith('Custom::CDKBucketDeployment'),
    );
    if (copier === undefined) throw new Error("CDK's bucket deployment brought no function.");
    const cdkMadeIt =
      "CDK's own function: CDK chooses what it runs on, and CloudFormation waits for its answer.";
    for (const rule of [
      'AwsSolutions-L1',
      'Serverless-LambdaLatestVersion',
      'Serverless-LambdaTracing',
      'Serverless-LambdaDLQ',
      'Serverless-LambdaAsyncFailureDestination',
    ]) {
      acknowledge(copier, rule, cdkMadeIt);
    }
    const anyObject = `<${Stack.of(this).getLogicalId(resourceOf(bucket))}.Arn>/*`;
    acknowledge(
      role,
      `AwsSolutions-IAM5[Resource::${anyObject}]`,
      'The site has as many files as its build makes.',
    );
  }
}

function resourceOf(bucket: IBucket): CfnElement {
  if (bucket.node.defaultChild instanceof CfnElement) return bucket.node.defaultChild;
  throw new Error('A bucket without its resource.');
}
