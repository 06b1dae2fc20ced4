import { Duration, RemovalPolicy, SecretValue } from 'aws-cdk-lib';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  PriceClass,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { MAX_FILE_BYTES } from '#shared/competitors/import/import-file.ts';
import { ORIGIN_VERIFY_HEADER } from '#shared/kernel/contract.ts';
import { PROBLEM_CONTENT_TYPE } from '#shared/kernel/problem.ts';
import { originSecretName, physicalName } from '../names.ts';
import type { StageSettings } from '../stages.ts';
import { acknowledge } from './acknowledge.ts';
import { Firewall } from './firewall.ts';
import { createApiHeaders, createSiteHeaders } from './security-headers.ts';

/** Four letters of base64 for three bytes, and some room for the rest of the request. */
const MAX_BINARY_BYTES = 4_500_000;

interface SiteProps {
  readonly stage: StageSettings;
  readonly apiHost: string;
}

/**
 * Every address of the site is the one page, which reads it; only files have a dot in their last segment. A function
 * and not an error page, since error pages hold for the whole distribution and would turn the API's 404 into HTML.
 */
const PAGE_FOR_EVERY_ADDRESS = `function handler(event) {
  var request = event.request;
  var lastSegment = request.uri.slice(request.uri.lastIndexOf('/') + 1);
  if (lastSegment.indexOf('.') === -1) request.uri = '/index.html';
  return request;
}`;

/**
 * What goes to a Lambda function as a body has to fit into 6 MB, as base64 unless it is text; beyond that the gateway
 * answers 500 or its own 413, and no function of ours can say why. Imports are the only large bodies.
 */
const NO_LARGER_BODY = `function handler(event) {
  var request = event.request;
  var length = request.headers['content-length'];
  var type = request.headers['content-type'];
  var isText = type !== undefined && /^(text\\/|application\\/json)/i.test(type.value);
  if (length === undefined || Number(length.value) <= (isText ? ${MAX_FILE_BYTES} : ${MAX_BINARY_BYTES})) return request;
  return {
    statusCode: 413,
    statusDescription: 'Content Too Large',
    headers: { 'content-type': { value: '${PROBLEM_CONTENT_TYPE}' }, 'cache-control': { value: 'no-store' } },
    body: {
      encoding: 'text',
      data: JSON.stringify({
        type: 'about:blank',
        title: 'Content Too Large',
        status: 413,
        detail: 'The body is too large. Send at most 5 MB of text, or 4.5 MB of anything else; a larger file may be packed with gzip.',
        code: 'TOO_LARGE',
        requestId: event.context.requestId
      })
    }
  };
}`;

/** The bucket with the site's files, and CloudFront in front of it and of the API: one origin for the browser. */
export class Site extends Construct {
  readonly bucket: IBucket;
  readonly distribution: Distribution;
  /** `https://…`, without a slash at the end. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: SiteProps) {
    super(scope, id);
    const { stage } = props;
    this.bucket = this.createBucket('Bucket');
    const everyAddress = new EdgeFunction(this, 'PageForEveryAddress', {
      functionName: physicalName(stage, 'page-for-every-address'),
      comment: 'Gives the page for every address of the site that is not a file',
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(PAGE_FOR_EVERY_ADDRESS),
    });
    const noLargerBody = new EdgeFunction(this, 'NoLargerBody', {
      functionName: physicalName(stage, 'no-larger-body'),
      comment: 'Refuses bodies that are too large for the API, with the reason',
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(NO_LARGER_BODY),
    });
    const firewall = stage.firewall ? new Firewall(this, 'Firewall', { stage }) : undefined;

    this.distribution = new Distribution(this, 'Distribution', {
      // The number makes CloudFormation read the origin secret again after a rotation.
      comment: `Coach Dashboard ${stage.name} (origin secret ${stage.originSecretGeneration})`,
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
      ...(firewall === undefined ? {} : { webAclId: firewall.webAclArn }),
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(this.bucket),
        allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        compress: true,
        responseHeadersPolicy: createSiteHeaders(this, 'SiteHeaders', stage),
        functionAssociations: [{ function: everyAddress, eventType: FunctionEventType.VIEWER_REQUEST }],
      },
      additionalBehaviors: {
        '/api/*': {
          origin: new HttpOrigin(props.apiHost, {
            protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
            originSslProtocols: [OriginSslPolicy.TLS_V1_2],
            readTimeout: Duration.seconds(30),
            customHeaders: { [ORIGIN_VERIFY_HEADER]: originSecretValue(stage) },
          }),
          allowedMethods: AllowedMethods.ALLOW_ALL,
          viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
          cachePolicy: CachePolicy.CACHING_DISABLED,
          // AllViewer would send CloudFront's own host name along, which API Gateway refuses.
          originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
          functionAssociations: [{ function: noLargerBody, eventType: FunctionEventType.VIEWER_REQUEST }],
          compress: true,
          responseHeadersPolicy: createApiHeaders(this, 'ApiHeaders', stage),
        },
      },
    });
    this.url = `https://${this.distribution.distributionDomainName}`;
    this.acknowledgeRules(stage);
  }

  private createBucket(id: string): IBucket {
    const bucket = new Bucket(this, id, {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      // A bucket with files in it cannot be deleted, which would stop whatever takes the stack away. Its name is CDK's.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(
      bucket,
      'AwsSolutions-S1',
      'Only CloudFront reads it, and it holds the same public files that every visitor gets.',
    );
    if (!isBucket(bucket)) throw new Error('CDK made no bucket.');
    return bucket;
  }

  private acknowledgeRules(stage: StageSettings): void {
    acknowledge(
      this.distribution,
      'AwsSolutions-CFR1',
      'Coaches and families travel; where someone is decides nothing.',
    );
    acknowledge(
      this.distribution,
      'AwsSolutions-CFR3',
      'Its log would keep addresses and queries of minors and coaches; the API and the firewall log what operations need.',
    );
    acknowledge(
      this.distribution,
      'AwsSolutions-CFR4',
      "CloudFront's own certificate fixes what it takes; a domain of the program's brings TLS 1.2 (docs/deploy.md).",
    );
    if (!stage.firewall) {
      acknowledge(
        this.distribution,
        'AwsSolutions-CFR2',
        'WAF costs more than all else of a development stage, which holds invented people only.',
      );
    }
  }
}

/** Goes along with every request for the API. By name, since the secret may be made anew. */
const originSecretValue = (stage: StageSettings): string =>
  SecretValue.secretsManager(originSecretName(stage)).unsafeUnwrap();

/** CDK's classes declare optional properties as "or undefined", which its interfaces do not take: the same thing here. */
const isBucket = (resource: unknown): resource is IBucket => resource instanceof Bucket;
