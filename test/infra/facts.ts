/** Something about AWS that bites, and the test that would notice if the product forgot it. */
export interface Fact {
  readonly id: number;
  readonly summary: string;
  readonly asserted: readonly Assertion[];
  /** What no test here can tell, or where it is taken care of instead. */
  readonly note?: string;
}

interface Assertion {
  readonly file: string;
  /** A part of the test's title. */
  readonly title: string;
}

const EXPECTATIONS = 'test/infra/expectations';
const inTemplates = (file: string, ...titles: readonly string[]): readonly Assertion[] =>
  titles.map((title) => ({ file: `${EXPECTATIONS}/${file}.ts`, title }));
const OPERATIONS = 'test/integration/operations.test.ts';
const PREFLIGHT = 'test/scripts/operations/preflight.test.ts';
const inFile = (file: string, ...titles: readonly string[]): readonly Assertion[] =>
  titles.map((title) => ({ file, title }));

export const FACTS: readonly Fact[] = [
  {
    id: 1,
    summary:
      'An HTTP API takes no firewall, so whoever goes past CloudFront must be refused by a header that only it adds; two values, so that it can rotate.',
    asserted: [
      ...inTemplates('edge', 'adds the origin secret to requests for the API and to nothing else'),
      ...inFile(
        'test/shared/http/origin-verify.test.ts',
        'takes the current and the previous value, and nothing else',
      ),
      ...inFile('test/integration/access.test.ts', 'a function that is called past CloudFront refuses'),
    ],
  },
  {
    id: 2,
    summary: 'A firewall for CloudFront exists in us-east-1 only.',
    asserted: [
      ...inTemplates('edge', 'stands behind a firewall in us-east-1'),
      ...inFile('test/infra/templates.test.ts', 'all in the region where WAF for CloudFront lives'),
    ],
  },
  {
    id: 3,
    summary:
      'App client, API, authorizer and distribution need each other’s addresses: one stack; the user pool is in another that is kept.',
    asserted: inTemplates('life-span', 'is deployed in the order in which stacks know each other'),
  },
  {
    id: 4,
    summary:
      'CloudFront by default lets GET and HEAD through, over http too, and an API behind it refuses CloudFront’s own host name.',
    asserted: inTemplates(
      'edge',
      'sends /api/* to the API with every method, over https, uncached, without the Host header',
    ),
  },
  {
    id: 5,
    summary:
      'Error pages hold for a whole distribution; functions on answers are not run from status 400 up.',
    asserted: inTemplates(
      'edge',
      'never turns an error of the API into a page',
      'gives the page for every address of the site that is not a file',
      'lets the site run its own code only and talk to itself and the sign-in only',
    ),
  },
  {
    id: 6,
    summary: 'API Gateway’s own answers have another form than ours, and no answer for unknown paths.',
    asserted: [
      ...inTemplates('api', 'and one for everything else'),
      ...inFile('test/integration/access.test.ts', 'a path that no route has is 404 in the API’s own form'),
    ],
  },
  {
    id: 7,
    summary: 'A permission per route would outgrow the 20 KB of a function’s policy.',
    asserted: inTemplates(
      'api',
      "keeps each function's resource policy far below its limit of 20 KB",
      'may call the function behind every route',
    ),
  },
  {
    id: 8,
    summary:
      'Limits on the way of a request: 30 s, 6 MB into Lambda, and 8 KB of body where the firewall’s common rules are not told otherwise.',
    asserted: [
      ...inTemplates(
        'edge',
        'refuses bodies that no function of ours would get, with the reason',
        'lets bodies over 8 KB through to exactly those routes whose contract says that they are ordinary',
      ),
      ...inTemplates('api', 'answers before CloudFront gives up'),
      ...inFile(
        'test/infra/local/emulator/edge/http-api.test.ts',
        'does not wait longer than API Gateway',
        'takes 10,240 bytes of request line and header values, and no more',
      ),
      ...inFile(
        'test/shared/http/large-bodies.test.ts',
        'are said of exactly those routes whose bodies may be larger than the firewall lets through',
      ),
    ],
  },
  {
    id: 9,
    summary:
      'A path variable is a whole segment. A school is one address: rate rules of the firewall are high, the API limits each person. The firewall’s log keeps no token and no query.',
    asserted: [
      ...inTemplates(
        'edge',
        'stands behind a firewall in us-east-1, where the stage has one, that logs no secrets',
        'refuses what the rules of the firewall match, and only counts it where the stage says so',
      ),
      ...inTemplates('api', 'has exactly the routes of the list'),
      ...inFile('test/shared/http/rate-limits.test.ts', 'is each person’s own, and of each class'),
    ],
  },
  {
    id: 10,
    summary:
      'The gateway takes ID tokens for access tokens unless a scope is asked for; groups arrive as one text.',
    asserted: [
      ...inTemplates('api', 'asks every route but the public ones for an access token of our app client'),
      ...inFile('test/integration/access.test.ts', 'an ID token is not an access token'),
    ],
    note: 'Groups decide nothing: who somebody is, is a row of the table.',
  },
  {
    id: 11,
    summary:
      'A managed login shows no page without branding, and the app client’s defaults are wide. Its prefix is unique over all customers.',
    asserted: inTemplates(
      'sign-in',
      'has a managed login with branding, without which it shows no page',
      'lets the site sign in by authorization code only, without a secret, with short-lived tokens',
    ),
  },
  {
    id: 12,
    summary:
      'Switching somebody off takes back no token: tokens are short, and every request looks at the table. Rotation without grace signs tabs out.',
    asserted: [
      ...inTemplates(
        'sign-in',
        'lets the site sign in by authorization code only, without a secret, with short-lived tokens',
        'asks everybody for a second factor, except where only invented people are',
      ),
      ...inFile('test/shared/identity/resolve-caller.test.ts', 'a coach whose profile is switched off'),
    ],
  },
  {
    id: 13,
    summary: 'Cognito’s own mail is for tests; the site may talk to the sign-in’s two hosts and no other.',
    asserted: [
      ...inTemplates('sign-in', "sends invitations from the stage's own domain, where it has one"),
      ...inTemplates('edge', 'lets the site run its own code only and talk to itself and the sign-in only'),
      ...inFile(OPERATIONS, 'an admin is made once, however often a run breaks off, and signs in'),
    ],
  },
  {
    id: 14,
    summary: 'Every polled queue costs money: three, each with its dead-letter queue.',
    asserted: [
      ...inTemplates('queues', 'has three queues, each with its dead-letter queue'),
      ...inTemplates('size-and-cost', 'cost little while nobody is there'),
    ],
  },
  {
    id: 15,
    summary: 'Lambda stops a function that sends to its own queue after some sixteen hops.',
    asserted: inTemplates('queues', 'lets no function send to the queue it processes'),
  },
  {
    id: 16,
    summary:
      'A queue takes two functions at least, and a new account may have ten in all: no stage takes more than its account has.',
    asserted: [
      ...inTemplates(
        'queues',
        "leaves room for the API within the account's concurrency",
        'processed by its worker, each record failing alone',
      ),
      ...inFile(PREFLIGHT, 'judges a quota of %s'),
    ],
  },
  {
    id: 17,
    summary: 'A crash hides a message for six time-outs: a roster change has to be short.',
    asserted: inTemplates('queues', 'hides a crashed roster change for less than a minute'),
  },
  {
    id: 18,
    summary:
      'A receive cannot be undone: what has to wait is acknowledged, kept in the table, and sent again.',
    asserted: inFile(
      'test/shared/teams/rosters/roster-queue.test.ts',
      'comes back after 2, 5 and 10 seconds, and then is left to the dispatcher',
      'who is in other hands comes back in a moment, but never as a dead letter',
    ),
  },
  {
    id: 19,
    summary:
      'A pause is a row that is read every ten seconds. Alarms on what waits are mute meanwhile; a pause of a day tells.',
    asserted: [
      ...inFile(
        'test/shared/settings/processing-switch.test.ts',
        'is read once in ten seconds while they may',
      ),
      ...inTemplates(
        'alarms',
        'are mute while an admin has processing switched off, and that tells after a day',
      ),
    ],
  },
  {
    id: 20,
    summary:
      'A dead letter keeps its age, and looking at letters hides them: the table knows what is dead and why, a redrive sends anew.',
    asserted: [
      ...inTemplates('queues', 'to where it stays longer'),
      ...inFile(
        'test/shared/dead-letters/redrive.test.ts',
        'shows them by cause, classified by the table, and leaves every one for the next look',
      ),
    ],
  },
  {
    id: 21,
    summary: 'SQS tells the age of messages late: one visible dead letter is an alarm, and silence is none.',
    asserted: inTemplates('alarms', 'fire at the first dead letter of every dead-letter queue'),
  },
  {
    id: 22,
    summary:
      'Schedules that people edit are no part of a template; changing one clears what is left out; the role trusts one group, and passing it is tied to the scheduler.',
    asserted: [
      ...inTemplates(
        'clock',
        'holds no schedule in the template, since a deployment would undo what admins changed',
        'lets only schedules of our group take the role that sends to the work queue',
        'lets the administration of schedules alone manage those of our group, and pass their role',
      ),
      ...inFile(
        'test/integration/schedules.test.ts',
        'a changed one fires at its new time, and one of a single time is gone after it',
      ),
    ],
  },
  {
    id: 23,
    summary: 'Lambda’s defaults are x86, 128 MB and three seconds.',
    asserted: inTemplates(
      'functions',
      'run on Node 24 and arm64, with memory, time-out and log group of their own',
      'have the tracer’s settings where their bundle has the tracer',
    ),
  },
  {
    id: 24,
    summary: 'The platform’s budget is leased in blocks by a conditional update, not counted call by call.',
    asserted: inFile(
      'test/shared/game-platform/budget/rate-limiter.test.ts',
      'is kept in every second, whatever the workers, their clocks and their deaths',
    ),
  },
  {
    id: 25,
    summary: 'Until the platform’s token is there, work waits; it does not become a dead letter.',
    asserted: [
      ...inTemplates('data', "leave the vendor's token to an operator and generate the origin secret"),
      ...inFile(
        'test/shared/game-platform/token-source.test.ts',
        'finds a token that is put later within half a minute',
      ),
    ],
  },
  {
    id: 26,
    summary: 'Moving a key of an index is two writes: reads without news touch no index.',
    asserted: inFile(
      'test/shared/score-sync/sync-run.test.ts',
      'without news: one write, to the row that several people share, and none to any index',
    ),
  },
  {
    id: 27,
    summary: 'A transaction holds a hundred items and no item twice: first imports are cut into steps.',
    asserted: inFile(
      'test/shared/score-sync/solve-repository.test.ts',
      'stores a first import of hundreds of solves in transactions that fit, and nothing at the second call',
    ),
  },
  {
    id: 28,
    summary: 'Indexes lag, the table deletes late, and a deployment changes one index.',
    asserted: [
      ...inFile('test/infra/local/emulator/aws/expiry.test.ts', 'are deleted, and the others stay'),
      ...inFile(
        'test/chaos/late-indexes.test.ts',
        'an index is told of a put, a change and a deletion late, the table itself at once',
      ),
      ...inFile(
        'test/chaos/chaos.test.ts',
        'whatever goes wrong: once it is over, table and platform say the same',
      ),
      ...inFile(
        'test/infra/releases/release.test.ts',
        'is a deployment that makes two indexes, or another one under the name of an index, at once',
      ),
    ],
  },
  {
    id: 29,
    summary: 'Backups and deletion protection are off by default; a restored backup is another table.',
    asserted: [
      ...inTemplates('data', 'keep the table as the keys file describes it, encrypted and backed up'),
      ...inTemplates(
        'life-span',
        'protects table, people and stacks from deletion exactly when the stage is established',
        'knows the table and the bucket of exports by name alone, so that another one can take their place',
      ),
    ],
  },
  {
    id: 30,
    summary: 'CDK’s grants are wider than any function needs: rights are given one by one.',
    asserted: inTemplates(
      'permissions',
      'give nobody a scan, a managed policy or another way in',
      'open the table to those that use it, for what they do with it',
      'hold no wildcard but those that AWS forces',
      'name actions that exist, on resources that they take',
    ),
  },
  {
    id: 31,
    summary: 'The key has to name each service that acts without a role of ours.',
    asserted: [
      ...inTemplates(
        'key-users',
        'is what the documentation of each service asks of the key’s policy, and nothing else',
        'is granted to each role for the calls that it makes, and for nothing else',
        'covers everything that is encrypted with it by a service of the list',
      ),
      ...inTemplates('data', 'name every encrypted log group so that the key policy covers it'),
    ],
  },
  {
    id: 32,
    summary: 'CDK only warns of what CloudFormation would refuse, unless it is told to check.',
    asserted: inFile(
      'test/infra/templates.test.ts',
      "passes CloudFormation's and cdk-nag's rules without a finding",
    ),
  },
  {
    id: 33,
    summary: 'Each combination of a metric’s dimensions costs money: the stage is the only one.',
    asserted: inTemplates(
      'alarms',
      'watch things that exist: functions, queues, the API, and metrics that the product emits',
      'come with a budget',
    ),
  },
  {
    id: 34,
    summary: 'Alarms, metrics, keys, secrets, the firewall and polling cost money while nothing happens.',
    asserted: inTemplates('size-and-cost', 'cost little while nobody is there'),
  },
  {
    id: 35,
    summary: 'Backups remember who was erased, and the platform deletes nobody.',
    asserted: [
      ...inTemplates('data', 'keep the table as the keys file describes it, encrypted and backed up'),
      ...inFile(
        'test/functions/competitors-api/competitor-erasure.test.ts',
        'a deleted person is gone at once and then everywhere, but for the tombstone',
      ),
      ...inFile(OPERATIONS, 'a restore to a point before an erasure brings everything back but the erased'),
    ],
  },
  {
    id: 36,
    summary:
      'A user pool with our key needs rights for Cognito and for the identity store, and callers need them through Cognito.',
    asserted: [
      ...inTemplates(
        'key-users',
        'is what the documentation of each service asks of the key’s policy, and nothing else',
      ),
      ...inFile(
        'test/infra/local/emulator/aws/cognito.test.ts',
        "refuses who may call it but not use the pool's key",
      ),
    ],
  },
  {
    id: 37,
    summary:
      'What is kept under a fixed name, and what another customer owns, make the second try of a first deployment fail.',
    asserted: inTemplates(
      'life-span',
      'keeps what holds data once the stage is established, and else nothing of a fixed name',
      'protects table, people and stacks from deletion exactly when the stage is established',
      'holds nothing beside data that another customer of AWS may own already',
    ),
  },
  {
    id: 38,
    summary:
      'An export that is in use cannot change: nothing that holds data is one, and a release is taken back from the last stack.',
    asserted: [
      ...inTemplates(
        'life-span',
        'exports nothing that holds data, since an export in use cannot change after a restore',
      ),
      ...inTemplates(
        'release',
        'leaves stacks of the last release everything that they take, while this one is deployed over it',
        'can be taken back in any order, or the changelog says that one has to begin with the last stack',
        'replaces and removes nothing that data is lost with',
      ),
    ],
  },
  {
    id: 39,
    summary:
      'A schedule that was made once never learns of a new role, queue or message unless the deployment tells it.',
    asserted: [
      ...inTemplates(
        'clock',
        'seeds when the stack is deployed, and again when a built-in schedule, its message, role or queue changes',
      ),
      ...inFile(
        'test/shared/schedules/seed-schedules.test.ts',
        'makes the schedules that are missing and leaves those that are there alone',
      ),
    ],
  },
  {
    id: 40,
    summary: 'A new role is not known everywhere at once: the scheduler is asked again for half a minute.',
    asserted: inFile(
      'test/shared/schedules/seed-schedules.test.ts',
      'tries again while the service does not know the role yet',
      'gives up after half a minute',
    ).concat(
      inTemplates(
        'functions',
        'come after the rights of their role, without which their event source would be refused',
      ),
      inFile(
        'test/integration/schedules.test.ts',
        'one is made although its role is not known everywhere yet',
      ),
    ),
  },
  {
    id: 41,
    summary: 'When the scheduler stands still nothing fails: only silence tells.',
    asserted: inTemplates(
      'alarms',
      'fire within 15 minutes when the clock stands still',
      'fire no later than the promise of fresh scores is broken, and when no round begins',
    ),
  },
  {
    id: 42,
    summary: 'An invitation’s user name is an id, and Cognito insists on it: it is hidden.',
    asserted: [
      ...inTemplates(
        'sign-in',
        'invites to the address of the site, with the email address and never an id as the user name',
      ),
      ...inFile('test/infra/build-app.test.ts', 'may not send emails that would link to it'),
    ],
  },
  {
    id: 43,
    summary: 'One platform for all stages would let an invented roster undo a real one.',
    asserted: [
      ...inFile(
        'test/infra/build-app.test.ts',
        'is refused to %s',
        'are refused as soon as the account is a real one',
      ),
      ...inFile('test/infra/placeholders.test.ts', 'are all found in a stage as it comes'),
    ],
  },
  {
    id: 44,
    summary: 'A new account may have ten functions at once, no CloudFront, and a mail sandbox.',
    asserted: [
      ...inFile(OPERATIONS, 'a deployment is prepared, planned and tried'),
      ...inFile(PREFLIGHT, 'tells an unverified domain from an unknown one, and the sandbox from both'),
    ],
    note: 'Whether it may use CloudFront, only its first deployment tells.',
  },
  {
    id: 45,
    summary: 'Many routes in one deployment may meet each other: a first deployment is simply repeated.',
    asserted: inTemplates(
      'life-span',
      'keeps what holds data once the stage is established, and else nothing of a fixed name',
    ),
  },
  {
    id: 46,
    summary: 'A body that is no text travels as base64, a third larger: about 4.5 MB fit.',
    asserted: [
      ...inTemplates('edge', 'refuses bodies that no function of ours would get, with the reason'),
      ...inFile(
        'test/infra/local/emulator/edge/http-api.test.ts',
        'answers 413 to more than Lambda takes',
        'counts the event as it reaches Lambda',
      ),
    ],
  },
  {
    id: 47,
    summary: 'Metrics are lines of the log: a log level above INFO would drop them.',
    asserted: [
      ...inTemplates('functions', 'let lines at INFO through, where metrics are'),
      ...inFile(
        'test/infra/local/emulator/lambda/function-runner.test.ts',
        'with the log level %s writes no line below it, metrics included',
      ),
    ],
  },
  {
    id: 48,
    summary:
      'Keys hold 2,048 and 1,024 bytes, in indexes too, and a time that the clock skips does not fire.',
    asserted: [
      ...inFile(
        'test/infra/local/emulator/aws/dynamodb.test.ts',
        'refuses a query for a key that is too long',
      ),
      ...inFile(
        'test/infra/local/emulator/aws/key-limits.test.ts',
        'of a sort key is 1,024 bytes at most, in %s',
      ),
      ...inFile('test/shared/schedules/firing-times.test.ts', 'leaves out a time that the clock skips'),
    ],
  },
  {
    id: 49,
    summary: 'Deploying unchanged templates mends nothing.',
    asserted: inTemplates(
      'clock',
      'seeds when the stack is deployed, and again when a built-in schedule, its message, role or queue changes',
    ),
    note: 'The runbook says what a deployment mends and what it does not.',
  },
  {
    id: 50,
    summary: 'People may change their own attributes, past our table, unless the app client says which.',
    asserted: inTemplates(
      'sign-in',
      'takes no password over the API and renews no token without rotating it',
    ),
  },
  {
    id: 51,
    summary: 'Lambda stands still between two calls: clocks jump, and what was kept open is dead.',
    asserted: [
      ...inFile(
        'test/shared/game-platform/budget/lease-slots.test.ts',
        'takes no notice of a time that only a wrong clock can have written',
      ),
      ...inFile(
        'test/infra/local/emulator/lambda/function-runner.test.ts',
        'does nothing until the next one, and then goes on in the same instance',
      ),
      ...inFile(
        'test/integration/frozen-functions.test.ts',
        'answer and work after connections have broken meanwhile',
        'answer after the clock has jumped by minutes',
      ),
    ],
  },
  {
    id: 52,
    summary: 'Whether a deployment works is told by a try of the real thing after it.',
    asserted: inFile(OPERATIONS, 'the smoke test finds a stage that works, and what does not'),
  },
];
