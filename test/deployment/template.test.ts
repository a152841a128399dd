/**
 * Compiles serverless.yml, three times (the default stage, prod, and a prod that serves only companies that installed the
 * router), and holds the CloudFormation template and the bundles to
 * what was decided about them. Everything happens in copies of the service: a `.serverless` of yours, or a running
 * `serverless offline`, is left alone.
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measureBundles } from '../../bench/bundles.ts';
import { limits } from '../../lib/config.ts';
import { mostReceives, queueAttributes } from '../../local/ring-timers.ts';

const MAX_HOT_BUNDLE_BYTES = 400_000;
const MAX_HEALTH_BUNDLE_BYTES = 20_000;

const ALARM_TOPIC = 'arn:aws:sns:eu-west-1:123456789012:on-call';
const PROD = [
  '--stage=prod',
  `--param=alarm-topic=${ALARM_TOPIC}`,
  '--param=aircall-api-id=id-of-prod',
  '--param=aircall-api-token=token-of-prod',
  '--param=aircall-webhook-tokens=first-of-prod,second-of-prod',
  '--param=aircall-client-id=client-id-of-prod',
  '--param=aircall-client-secret=client-secret-of-prod',
  '--param=ring-to-secret=ring-to-of-prod',
];

const apiUrl = { 'Fn::Sub': `https://\${HttpApi}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}` };

const root = fileURLToPath(new URL('../../', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'call-router-deployment-'));

/** The two lines that serverless.yml has commented out for it, and no parameter in SSM. */
function withoutCompany(serverlessYml: string): string {
  return serverlessYml.replace(
    "    # aircall-api-id: ''\n    # aircall-api-token: ''\n",
    `    aircall-api-id: ''
    aircall-api-token: ''
    aircall-webhook-tokens: ''
    ring-to-secret: ''
    aircall-client-id: client-id-of-publisher
    aircall-client-secret: client-secret-of-publisher
    public-url: https://router.example.com
`,
  );
}

let local: Package;
let prod: Package;
let publisher: Package;

beforeAll(async () => {
  local = await packageService('default-stage', []);
  prod = await packageService('prod', PROD);
  publisher = await packageService('publisher', ['--stage=prod'], withoutCompany);
}, 240_000);

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('packaging', () => {
  it('needs no account, no credentials and no network for the default stage, whose secrets are then empty', () => {
    expect(local.exitCode, local.output).toBe(0);
    expect(functionsOf(local)['webhook']?.Environment.Variables).toMatchObject({
      STAGE: 'local',
      AIRCALL_API_ID: '',
      AIRCALL_API_TOKEN: '',
      AIRCALL_WEBHOOK_TOKENS: '',
      SEALING_KEY_ID: '',
    });
    expect(functionsOf(local)['oauthCallback']?.Environment.Variables).toMatchObject({
      AIRCALL_CLIENT_ID: '',
      AIRCALL_CLIENT_SECRET: '',
      AIRCALL_DASHBOARD_URL: 'https://dashboard.aircall.io',
      PUBLIC_URL: '',
    });
  });

  it('goes without a warning or a deprecation', () => {
    expect(local.output).not.toMatch(/warning|deprecat/i);
  });

  it('fails for prod where the secrets cannot be read, and says which and why', async () => {
    const { exitCode, output } = await runServerless('prod-without-credentials', ['package', '--stage=prod']);

    expect(exitCode).toBe(1);
    expect(output).toContain('aircallApiId": AWS provider credentials not found');
    expect(output).toContain('aircallApiToken": AWS provider credentials not found');
    expect(output).toContain('aircallWebhookTokens": AWS provider credentials not found');
  });

  it('asks for no API key where the stage says that there is no company of its own', () => {
    for (const name of ['webhook', 'ringTo', 'ringTimeout', 'refreshAgents', 'syncContacts']) {
      expect(functionsOf(publisher)[name]?.Environment.Variables).toMatchObject({
        AIRCALL_API_ID: '',
        AIRCALL_API_TOKEN: '',
      });
    }
  });

  it('takes that from serverless.yml only: the command line takes no empty value', async () => {
    const args = ['package', '--stage=prod', '--param=aircall-api-id='];
    const { exitCode, output } = await runServerless('empty-param', args);

    expect(exitCode).toBe(1);
    expect(output).toContain('invalid "--param" CLI option value: "aircall-api-id="');
  });

  it('does not deploy the default stage, and says how to name another', async () => {
    const { exitCode, output } = await runServerless('deploy-without-stage', ['deploy']);

    expect(exitCode).toBe(1);
    expect(output).toContain('npm run deploy -- --stage prod');
  });
});

describe('functions', () => {
  it('are the webhook, the call flow’s, the ring time-out, the refresh of agents, the sync of contacts, an installation’s begin and end, the deletion of what companies left, and health', () => {
    expect(Object.keys(functionsOf(prod))).toEqual([
      'webhook',
      'ringTo',
      'ringTimeout',
      'refreshAgents',
      'syncContacts',
      'oauthInstall',
      'oauthCallback',
      'forgetAccounts',
      'health',
    ]);
  });

  it('run on Node 24 on arm64, each of them', () => {
    for (const { Runtime, Architectures } of Object.values(functionsOf(prod))) {
      expect({ Runtime, Architectures }).toEqual({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
    }
  });

  it('stop the webhook when Aircall stops listening, and the others when something hangs', () => {
    expect(mapValues(functionsOf(prod), ({ Timeout }) => Timeout)).toEqual({
      webhook: 5,
      ringTo: 3,
      ringTimeout: 5,
      refreshAgents: 280,
      syncContacts: 900,
      oauthInstall: 5,
      oauthCallback: 29,
      forgetAccounts: 900,
      health: 3,
    });
  });

  it('have the time that the code reckons with', () => {
    const timeoutsMs = mapValues(functionsOf(prod), ({ Timeout }) => Timeout * 1000);

    expect(timeoutsMs).toMatchObject({
      webhook: limits.lambdaTimeoutMs,
      ringTo: limits.ringTo.lambdaTimeoutMs,
      ringTimeout: limits.lambdaTimeoutMs,
      syncContacts: limits.background.deadlineMs,
      oauthCallback: limits.install.lambdaTimeoutMs,
      forgetAccounts: limits.background.deadlineMs,
    });
  });

  it('install a company before API Gateway gives up, after 30 s', () => {
    expect(propertiesOf(prod, 'AWS::ApiGatewayV2::Integration')).toMatchObject({
      HttpApiIntegrationOauthCallback: { TimeoutInMillis: 30_000 },
    });
    expect(functionsOf(prod)['oauthCallback']?.Timeout).toBeLessThan(30);
  });

  it('give the webhook the processor that comes with 1,024 MB', () => {
    expect(functionsOf(prod)['webhook']?.MemorySize).toBe(1024);
  });

  it('are traced by X-Ray, each of them', () => {
    for (const { TracingConfig } of Object.values(functionsOf(prod))) {
      expect(TracingConfig).toEqual({ Mode: 'Active' });
    }
  });

  it('know of the environment what they need, and no secret beyond', () => {
    const everyone = ['STAGE', 'POWERTOOLS_SERVICE_NAME', 'POWERTOOLS_METRICS_NAMESPACE'];
    const aircall = ['AIRCALL_API_URL', 'AIRCALL_API_ID', 'AIRCALL_API_TOKEN'];

    expect(mapValues(functionsOf(prod), ({ Environment }) => Object.keys(Environment.Variables))).toEqual({
      webhook: [
        ...everyone,
        ...aircall,
        'AIRCALL_WEBHOOK_TOKENS',
        'SEALING_KEY_ID',
        'TABLE_NAME',
        'RING_TIMERS_QUEUE_URL',
      ],
      ringTo: [...everyone, ...aircall, 'RING_TO_SECRET', 'TABLE_NAME'],
      ringTimeout: [...everyone, ...aircall, 'SEALING_KEY_ID', 'TABLE_NAME', 'RING_TIMERS_QUEUE_URL'],
      refreshAgents: [
        ...everyone,
        ...aircall,
        'AIRCALL_WEBHOOK_TOKENS',
        'PUBLIC_URL',
        'SEALING_KEY_ID',
        'TABLE_NAME',
      ],
      syncContacts: [...everyone, ...aircall, 'SEALING_KEY_ID', 'TABLE_NAME'],
      oauthInstall: [...everyone, 'AIRCALL_CLIENT_ID', 'AIRCALL_DASHBOARD_URL', 'PUBLIC_URL', 'TABLE_NAME'],
      oauthCallback: [
        ...everyone,
        'AIRCALL_API_URL',
        'AIRCALL_CLIENT_ID',
        'AIRCALL_CLIENT_SECRET',
        'AIRCALL_DASHBOARD_URL',
        'AIRCALL_WEBHOOK_TOKENS',
        'PUBLIC_URL',
        'SEALING_KEY_ID',
        'TABLE_NAME',
        'REFRESH_AGENTS_FUNCTION',
        'SYNC_CONTACTS_FUNCTION',
      ],
      forgetAccounts: [...everyone, 'TABLE_NAME'],
      health: everyone,
    });
  });

  it("carry their own stage's values", () => {
    expect(functionsOf(prod)['webhook']?.Environment.Variables).toEqual({
      STAGE: 'prod',
      POWERTOOLS_SERVICE_NAME: 'call-router-prod',
      POWERTOOLS_METRICS_NAMESPACE: 'CallRouter',
      AIRCALL_API_URL: 'https://api.aircall.io',
      AIRCALL_API_ID: 'id-of-prod',
      AIRCALL_API_TOKEN: 'token-of-prod',
      AIRCALL_WEBHOOK_TOKENS: 'first-of-prod,second-of-prod',
      SEALING_KEY_ID: { 'Fn::GetAtt': ['SealingKey', 'Arn'] },
      TABLE_NAME: 'call-router-prod',
      RING_TIMERS_QUEUE_URL: { Ref: 'RingTimers' },
    });
    expect(functionsOf(prod)['oauthCallback']?.Environment.Variables).toMatchObject({
      AIRCALL_CLIENT_ID: 'client-id-of-prod',
      AIRCALL_CLIENT_SECRET: 'client-secret-of-prod',
      AIRCALL_DASHBOARD_URL: 'https://dashboard.aircall.io',
      REFRESH_AGENTS_FUNCTION: 'call-router-prod-refreshAgents',
      SYNC_CONTACTS_FUNCTION: 'call-router-prod-syncContacts',
    });
  });

  it('are reached under the API’s own URL, if not under a domain of yours', () => {
    const publicUrls = (service: Package) =>
      ['refreshAgents', 'oauthInstall', 'oauthCallback'].map(
        (name) => functionsOf(service)[name]?.Environment.Variables['PUBLIC_URL'],
      );

    expect(publicUrls(prod)).toEqual([apiUrl, apiUrl, apiUrl]);
    expect(publicUrls(publisher)).toEqual(Array(3).fill('https://router.example.com'));
  });

  it('are known to an installation by the names that they have', () => {
    const { refreshAgents, syncContacts, oauthCallback } = functionsOf(prod);

    expect(oauthCallback?.Environment.Variables).toMatchObject({
      REFRESH_AGENTS_FUNCTION: refreshAgents?.FunctionName,
      SYNC_CONTACTS_FUNCTION: syncContacts?.FunctionName,
    });
  });

  it.each(['prod', 'publisher'])('start with the environment they are given: %s', (name) => {
    const service = name === 'prod' ? prod : publisher;

    for (const functionName of Object.keys(functionsOf(service))) {
      expect(startFunction(service, functionName), functionName).toBe('');
    }
  });

  it('take their queue from the shell where it is not deployed', () => {
    expect(functionsOf(local)['webhook']?.Environment.Variables).toMatchObject({ RING_TIMERS_QUEUE_URL: '' });
  });

  it('keep the secrets out of the rest of the template', () => {
    const { Resources, ...rest } = prod.template;
    const others = Object.values(Resources).filter(({ Type }) => Type !== 'AWS::Lambda::Function');

    expect(JSON.stringify([others, rest])).not.toContain('-of-prod');
  });

  it('keep a container of the call flow’s warm', () => {
    expect(propertiesOf(prod, 'AWS::Events::Rule')).toMatchObject({
      RingToEventsRuleSchedule1: {
        ScheduleExpression: 'rate(5 minutes)',
        State: 'ENABLED',
        Targets: [{ Input: '{"wakeUp":true}' }],
      },
    });
  });

  it('refresh the agents every five minutes, and do not repeat a failed run in between', () => {
    expect(propertiesOf(prod, 'AWS::Events::Rule')).toMatchObject({
      RefreshAgentsEventsRuleSchedule1: { ScheduleExpression: 'rate(5 minutes)', State: 'ENABLED' },
    });
    expect(propertiesOf(prod, 'AWS::Lambda::EventInvokeConfig')).toMatchObject({
      RefreshAgentsLambdaEvConf: { MaximumRetryAttempts: 0 },
    });
  });

  it('sync the contacts every day, and leave it to the next day to go on after a failure', () => {
    expect(propertiesOf(prod, 'AWS::Events::Rule')).toMatchObject({
      SyncContactsEventsRuleSchedule1: { ScheduleExpression: 'rate(1 day)', State: 'ENABLED' },
    });
    expect(propertiesOf(prod, 'AWS::Lambda::EventInvokeConfig')).toMatchObject({
      SyncContactsLambdaEvConf: { MaximumRetryAttempts: 0 },
    });
  });

  it('delete every day what companies left behind, and leave it to the next day to go on after a failure', () => {
    expect(propertiesOf(prod, 'AWS::Events::Rule')).toMatchObject({
      ForgetAccountsEventsRuleSchedule1: { ScheduleExpression: 'rate(1 day)', State: 'ENABLED' },
    });
    expect(propertiesOf(prod, 'AWS::Lambda::EventInvokeConfig')).toMatchObject({
      ForgetAccountsLambdaEvConf: { MaximumRetryAttempts: 0 },
    });
  });
});

describe('bundles', () => {
  it('hold one ES module each, which exports the handler', () => {
    for (const [name, { Handler }] of Object.entries(functionsOf(prod))) {
      const files = bundleOf(prod, name);

      expect(files.map((file) => file.name)).toEqual([Handler.replace('.handler', '.mjs')]);
      expect(files[0]?.text).toMatch(/export\s*\{[^}]*\bas handler\b/);
    }
  });

  it('bring every package with them: nothing is imported, and Node’s own modules are asked for by name', () => {
    for (const name of Object.keys(functionsOf(prod))) {
      for (const { text } of bundleOf(prod, name)) {
        expect(
          text.match(/\b(from\s*["'][^"']+["']|import\s*[("'].{0,40}|require\(.{0,40})/g),
          name,
        ).toBeNull();
      }
    }
    expect(bundleOf(prod, 'webhook')[0]?.text).toContain('process.getBuiltinModule("node:crypto")');
  });

  it('stay small where a cold start would be felt', () => {
    expect(sizeOf(bundleOf(prod, 'webhook'))).toBeLessThanOrEqual(MAX_HOT_BUNDLE_BYTES);
  });

  it('are what the bench measures', async () => {
    const deployed = mapValues(functionsOf(prod), (_, name) => sizeOf(bundleOf(prod, name)));

    expect(await measureBundles()).toEqual(deployed);
  });

  it('keep the AWS SDK out of health', () => {
    expect(sizeOf(bundleOf(prod, 'health'))).toBeLessThan(MAX_HEALTH_BUNDLE_BYTES);
  });

  it('lie, with a template that holds the secrets, in a bucket that is private and answers TLS only', () => {
    expect(propertiesOf(prod, 'AWS::S3::Bucket')).toMatchObject({
      ServerlessDeploymentBucket: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
    });
    expect(propertiesOf(prod, 'AWS::S3::BucketPolicy')).toMatchObject({
      ServerlessDeploymentBucketPolicy: {
        PolicyDocument: {
          Statement: [{ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': false } } }],
        },
      },
    });
  });
});

describe('permissions', () => {
  const xray = ['xray:PutTraceSegments on *', 'xray:PutTelemetryRecords on *'];

  function logsOf(functionName: string): string[] {
    const group = `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/lambda/${functionName}`;
    return ['CreateLogStream', 'CreateLogGroup', 'PutLogEvents'].map(
      (action) => `logs:${action} on ${group}:*:*`,
    );
  }

  it('come from one role for each function, and from nowhere else', () => {
    expect(Object.keys(rolesOf(prod))).toEqual([
      'WebhookIamRoleLambdaExecution',
      'RingToIamRoleLambdaExecution',
      'RingTimeoutIamRoleLambdaExecution',
      'RefreshAgentsIamRoleLambdaExecution',
      'SyncContactsIamRoleLambdaExecution',
      'OauthInstallIamRoleLambdaExecution',
      'OauthCallbackIamRoleLambdaExecution',
      'ForgetAccountsIamRoleLambdaExecution',
      'HealthIamRoleLambdaExecution',
    ]);
    expect(mapValues(functionsOf(prod), ({ Role }) => Role)).toEqual({
      webhook: { 'Fn::GetAtt': ['WebhookIamRoleLambdaExecution', 'Arn'] },
      ringTo: { 'Fn::GetAtt': ['RingToIamRoleLambdaExecution', 'Arn'] },
      ringTimeout: { 'Fn::GetAtt': ['RingTimeoutIamRoleLambdaExecution', 'Arn'] },
      refreshAgents: { 'Fn::GetAtt': ['RefreshAgentsIamRoleLambdaExecution', 'Arn'] },
      syncContacts: { 'Fn::GetAtt': ['SyncContactsIamRoleLambdaExecution', 'Arn'] },
      oauthInstall: { 'Fn::GetAtt': ['OauthInstallIamRoleLambdaExecution', 'Arn'] },
      oauthCallback: { 'Fn::GetAtt': ['OauthCallbackIamRoleLambdaExecution', 'Arn'] },
      forgetAccounts: { 'Fn::GetAtt': ['ForgetAccountsIamRoleLambdaExecution', 'Arn'] },
      health: { 'Fn::GetAtt': ['HealthIamRoleLambdaExecution', 'Arn'] },
    });
    for (const { ManagedPolicyArns } of Object.values(rolesOf(prod))) expect(ManagedPolicyArns).toEqual([]);
    for (const type of ['AWS::IAM::Policy', 'AWS::IAM::RolePolicy', 'AWS::IAM::ManagedPolicy']) {
      expect(propertiesOf(prod, type)).toEqual({});
    }
  });

  it('name no wildcard, but for the two actions of X-Ray, which know no resources', () => {
    const wildcards = Object.values(rolesOf(prod))
      .flatMap(statementsOf)
      .filter((statement) => [...actionsOf(statement), ...resourcesOf(statement)].some(hasWildcard));

    expect(wildcards).toHaveLength(9);
    for (const statement of wildcards) {
      expect(statement).toEqual({
        Effect: 'Allow',
        Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
        Resource: '*',
      });
    }
  });

  it('let the webhook get, query, put and update items of the table, start ring timers, and open credentials', () => {
    expect(grantsOf(prod, 'WebhookIamRoleLambdaExecution')).toEqual([
      ...logsOf('call-router-prod-webhook'),
      ...xray,
      'dynamodb:GetItem on Table.Arn',
      'dynamodb:PutItem on Table.Arn',
      'dynamodb:Query on Table.Arn',
      'dynamodb:UpdateItem on Table.Arn',
      'sqs:SendMessage on RingTimers.Arn',
      'kms:Decrypt on SealingKey.Arn',
    ]);
  });

  it('let the call flow’s function do what the webhook may, but for ring timers and credentials', () => {
    expect(grantsOf(prod, 'RingToIamRoleLambdaExecution')).toEqual([
      ...logsOf('call-router-prod-ringTo'),
      ...xray,
      'dynamodb:GetItem on Table.Arn',
      'dynamodb:PutItem on Table.Arn',
      'dynamodb:Query on Table.Arn',
      'dynamodb:UpdateItem on Table.Arn',
    ]);
  });

  it('let the ring time-out take timers out of their queue, and then do what the webhook may', () => {
    expect(grantsOf(prod, 'RingTimeoutIamRoleLambdaExecution')).toEqual([
      ...logsOf('call-router-prod-ringTimeout'),
      'sqs:ReceiveMessage on RingTimers.Arn',
      'sqs:DeleteMessage on RingTimers.Arn',
      'sqs:GetQueueAttributes on RingTimers.Arn',
      ...xray,
      'dynamodb:GetItem on Table.Arn',
      'dynamodb:PutItem on Table.Arn',
      'dynamodb:Query on Table.Arn',
      'dynamodb:UpdateItem on Table.Arn',
      'sqs:SendMessage on RingTimers.Arn',
      'kms:Decrypt on SealingKey.Arn',
    ]);
  });

  it('let the refresh list accounts, and agents by their index, read and write items, open credentials, and nothing more', () => {
    expect(grantsOf(prod, 'RefreshAgentsIamRoleLambdaExecution')).toEqual([
      ...logsOf('call-router-prod-refreshAgents'),
      ...xray,
      'dynamodb:GetItem on Table.Arn',
      'dynamodb:PutItem on Table.Arn',
      'dynamodb:Query on Table.Arn',
      'dynamodb:UpdateItem on Table.Arn',
      `dynamodb:Query on \${Table.Arn}/index/agents`,
      'kms:Decrypt on SealingKey.Arn',
    ]);
  });

  it('let the sync of contacts list accounts, read and write items, delete the note of how far it came, open credentials, and nothing more', () => {
    expect(grantsOf(prod, 'SyncContactsIamRoleLambdaExecution')).toEqual([
      ...logsOf('call-router-prod-syncContacts'),
      ...xray,
      'dynamodb:GetItem on Table.Arn',
      'dynamodb:PutItem on Table.Arn',
      'dynamodb:UpdateItem on Table.Arn',
      'dynamodb:Query on Table.Arn',
      'dynamodb:DeleteItem on Table.Arn',
      'kms:Decrypt on SealingKey.Arn',
    ]);
  });

  it('let who sends a browser to Aircall leave a mark, and nothing more', () => {
    expect(grantsOf(prod, 'OauthInstallIamRoleLambdaExecution')).toEqual([
      ...logsOf('call-router-prod-oauthInstall'),
      ...xray,
      'dynamodb:PutItem on Table.Arn',
    ]);
  });

  it('let who installs a company read and write items, seal credentials but open none, and run exactly the two functions that bring it in step', () => {
    expect(grantsOf(prod, 'OauthCallbackIamRoleLambdaExecution')).toEqual([
      ...logsOf('call-router-prod-oauthCallback'),
      ...xray,
      'dynamodb:GetItem on Table.Arn',
      'dynamodb:PutItem on Table.Arn',
      'dynamodb:UpdateItem on Table.Arn',
      'kms:Encrypt on SealingKey.Arn',
      'lambda:InvokeFunction on RefreshAgentsLambdaFunction.Arn',
      'lambda:InvokeFunction on SyncContactsLambdaFunction.Arn',
    ]);
  });

  it('let who deletes what companies left list accounts, scan and delete, and open no credentials', () => {
    expect(grantsOf(prod, 'ForgetAccountsIamRoleLambdaExecution')).toEqual([
      ...logsOf('call-router-prod-forgetAccounts'),
      ...xray,
      'dynamodb:GetItem on Table.Arn',
      'dynamodb:PutItem on Table.Arn',
      'dynamodb:Query on Table.Arn',
      'dynamodb:Scan on Table.Arn',
      'dynamodb:BatchWriteItem on Table.Arn',
      'dynamodb:DeleteItem on Table.Arn',
    ]);
  });

  it('let nobody use the key but for an account that is named', () => {
    const ofTheKey = Object.values(rolesOf(prod))
      .flatMap(statementsOf)
      .filter((statement) => actionsOf(statement).some((action) => action.startsWith('kms:')));

    expect(ofTheKey).toHaveLength(5);
    for (const { Condition } of ofTheKey) {
      expect(Condition).toEqual({
        'ForAnyValue:StringEquals': { 'kms:EncryptionContextKeys': 'accountId' },
      });
    }
  });

  it('let health write its log and its traces, and nothing more', () => {
    expect(grantsOf(prod, 'HealthIamRoleLambdaExecution')).toEqual([
      ...logsOf('call-router-prod-health'),
      ...xray,
    ]);
  });
});

describe('the table', () => {
  it('is paid by the request', () => {
    expect(tableOf(prod)).toMatchObject({
      Properties: {
        TableName: 'call-router-prod',
        BillingMode: 'PAY_PER_REQUEST',
      },
    });
    expect(tableOf(prod)).not.toHaveProperty('Properties.ProvisionedThroughput');
  });

  it('has the keys and the two indexes that the code asks for', () => {
    expect(tableOf(prod)).toMatchObject({
      Properties: {
        AttributeDefinitions: ['pk', 'sk', 'dayPk', 'daySk', 'agentsPk', 'agentsSk'].map((name) => ({
          AttributeName: name,
          AttributeType: 'S',
        })),
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'byDay',
            KeySchema: [
              { AttributeName: 'dayPk', KeyType: 'HASH' },
              { AttributeName: 'daySk', KeyType: 'RANGE' },
            ],
            Projection: {
              ProjectionType: 'INCLUDE',
              NonKeyAttributes: ['callId', 'outcome', 'because', 'to', 'claimedAtMs', 'settledAtMs'],
            },
          },
          {
            IndexName: 'agents',
            KeySchema: [
              { AttributeName: 'agentsPk', KeyType: 'HASH' },
              { AttributeName: 'agentsSk', KeyType: 'RANGE' },
            ],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      },
    });
  });

  it('is defined by the very file that the embedded DynamoDB is created from', () => {
    const definition = JSON.parse(readFileSync(join(root, 'deploy/table.json'), 'utf8'));

    expect(Object.keys(definition)).toEqual([
      'BillingMode',
      'AttributeDefinitions',
      'KeySchema',
      'GlobalSecondaryIndexes',
    ]);
    expect(tableOf(prod)).toMatchObject({ Properties: definition });
  });

  it('forgets what has expired', () => {
    expect(tableOf(prod)).toMatchObject({
      Properties: {
        TimeToLiveSpecification: { AttributeName: 'expiresAtSeconds', Enabled: true },
      },
    });
  });

  it('can be restored to any point in time', () => {
    expect(tableOf(prod)).toMatchObject({
      Properties: {
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    });
  });

  it("is encrypted with the account's own key for DynamoDB", () => {
    expect(tableOf(prod)).toMatchObject({
      Properties: {
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      },
    });
  });

  it('outlives its stack in prod, and cannot be deleted there by mistake', () => {
    expect(tableOf(prod)).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { DeletionProtectionEnabled: true },
    });
  });

  it('goes with its stack everywhere else', () => {
    expect(tableOf(local)).toMatchObject({
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
      Properties: { TableName: 'call-router-local', DeletionProtectionEnabled: false },
    });
  });
});

describe('the key that seals credentials', () => {
  it('is one for the stage, under a name of its own, and renewed every year', () => {
    expect(propertiesOf(prod, 'AWS::KMS::Key')).toMatchObject({
      SealingKey: { EnableKeyRotation: true, PendingWindowInDays: 30 },
    });
    expect(propertiesOf(prod, 'AWS::KMS::Alias')).toEqual({
      SealingKeyAlias: { AliasName: 'alias/call-router-prod', TargetKeyId: { Ref: 'SealingKey' } },
    });
    expect(propertiesOf(local, 'AWS::KMS::Alias')).toMatchObject({
      SealingKeyAlias: { AliasName: 'alias/call-router-local' },
    });
  });

  it('leaves it to the roles of its AWS account who may use it', () => {
    expect(propertiesOf(prod, 'AWS::KMS::Key')).toMatchObject({
      SealingKey: {
        KeyPolicy: {
          Statement: [
            {
              Effect: 'Allow',
              Principal: {
                AWS: { 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:root` },
              },
              Action: 'kms:*',
              Resource: '*',
            },
          ],
        },
      },
    });
  });

  it('outlives its stack in prod, as the credentials do that nobody could open without it', () => {
    expect(prod.template.Resources['SealingKey']).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it('goes with its stack everywhere else', () => {
    expect(local.template.Resources['SealingKey']).toMatchObject({
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
    });
  });
});

describe('the ring timers', () => {
  const queues = () =>
    propertiesOf<{ VisibilityTimeout?: number; MessageRetentionPeriod: number }>(prod, 'AWS::SQS::Queue');

  it('wait in a queue that gives a timer up after three tries, and forgets it after 20 minutes', () => {
    expect(queues()['RingTimers']).toEqual({
      QueueName: 'call-router-prod-ring-timers',
      VisibilityTimeout: 30,
      MessageRetentionPeriod: 1200,
      RedrivePolicy: {
        deadLetterTargetArn: { 'Fn::GetAtt': ['DeadRingTimers', 'Arn'] },
        maxReceiveCount: 3,
      },
      SqsManagedSseEnabled: true,
    });
  });

  it('that were given up are kept for 14 days', () => {
    expect(queues()['DeadRingTimers']).toEqual({
      QueueName: 'call-router-prod-ring-timers-dead',
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
    });
  });

  it('are tried again only when the function has certainly ended: six times its timeout, as AWS advises', () => {
    const timeout = functionsOf(prod)['ringTimeout']?.Timeout ?? Number.NaN;

    expect(queues()['RingTimers']?.VisibilityTimeout).toBeGreaterThanOrEqual(6 * timeout);
  });

  it('live long enough for the longest delay, and for three tries after it', () => {
    const { RingTimers: queue } = queues();

    expect(queue?.MessageRetentionPeriod).toBeGreaterThanOrEqual(900 + 3 * (queue?.VisibilityTimeout ?? 0));
  });

  it('are taken out one at a time', () => {
    expect(Object.values(propertiesOf(prod, 'AWS::Lambda::EventSourceMapping'))).toEqual([
      {
        BatchSize: 1,
        EventSourceArn: { 'Fn::GetAtt': ['RingTimers', 'Arn'] },
        FunctionName: { 'Fn::GetAtt': ['RingTimeoutLambdaFunction', 'Arn'] },
        Enabled: true,
      },
    ]);
  });

  it('are to be had over TLS only, the given-up ones too', () => {
    expect(Object.values(propertiesOf(prod, 'AWS::SQS::QueuePolicy'))).toEqual([
      {
        Queues: [{ Ref: 'RingTimers' }, { Ref: 'DeadRingTimers' }],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Deny',
              Principal: '*',
              Action: 'sqs:*',
              Resource: [
                { 'Fn::GetAtt': ['RingTimers', 'Arn'] },
                { 'Fn::GetAtt': ['DeadRingTimers', 'Arn'] },
              ],
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            },
          ],
        },
      },
    ]);
  });

  it('behave on this machine as they do there', () => {
    expect(queues()['RingTimers']).toMatchObject({
      VisibilityTimeout: Number(queueAttributes.VisibilityTimeout),
      MessageRetentionPeriod: Number(queueAttributes.MessageRetentionPeriod),
      RedrivePolicy: { maxReceiveCount: mostReceives },
    });
  });
});

describe('the API', () => {
  it('has five routes, each with its function, speaking payload 2.0', () => {
    expect(mapValues(propertiesOf(prod, 'AWS::ApiGatewayV2::Route'), (route) => route)).toMatchObject({
      HttpApiRoutePostAircallCalls: {
        RouteKey: 'POST /aircall/calls',
        Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'HttpApiIntegrationWebhook' }]] },
      },
      HttpApiRoutePostAircallRingDashto: {
        RouteKey: 'POST /aircall/ring-to',
        Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'HttpApiIntegrationRingTo' }]] },
      },
      HttpApiRouteGetAircallOauthInstall: {
        RouteKey: 'GET /aircall/oauth/install',
        Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'HttpApiIntegrationOauthInstall' }]] },
      },
      HttpApiRouteGetAircallOauthCallback: {
        RouteKey: 'GET /aircall/oauth/callback',
        Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'HttpApiIntegrationOauthCallback' }]] },
      },
      HttpApiRouteGet: {
        RouteKey: 'GET /',
        Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'HttpApiIntegrationHealth' }]] },
      },
    });
    expect(propertiesOf(prod, 'AWS::ApiGatewayV2::Integration')).toMatchObject({
      HttpApiIntegrationWebhook: {
        IntegrationUri: { 'Fn::GetAtt': ['WebhookLambdaFunction', 'Arn'] },
        PayloadFormatVersion: '2.0',
      },
      HttpApiIntegrationOauthInstall: {
        IntegrationUri: { 'Fn::GetAtt': ['OauthInstallLambdaFunction', 'Arn'] },
        PayloadFormatVersion: '2.0',
      },
      HttpApiIntegrationOauthCallback: {
        IntegrationUri: { 'Fn::GetAtt': ['OauthCallbackLambdaFunction', 'Arn'] },
        PayloadFormatVersion: '2.0',
      },
      HttpApiIntegrationHealth: {
        IntegrationUri: { 'Fn::GetAtt': ['HealthLambdaFunction', 'Arn'] },
        PayloadFormatVersion: '2.0',
      },
    });
    expect(Object.keys(propertiesOf(prod, 'AWS::ApiGatewayV2::Route'))).toHaveLength(5);
  });

  it('is throttled', () => {
    expect(propertiesOf(prod, 'AWS::ApiGatewayV2::Stage')).toMatchObject({
      HttpApiStage: { DefaultRouteSettings: { ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 2000 } },
    });
  });

  it('logs of each request its fate, and nothing of what it carried', () => {
    const { HttpApiStage: stage } = propertiesOf<{ AccessLogSettings: { Format: string } }>(
      prod,
      'AWS::ApiGatewayV2::Stage',
    );

    expect(JSON.parse(stage?.AccessLogSettings.Format ?? '')).toEqual({
      requestId: '$context.requestId',
      time: '$context.requestTime',
      sourceIp: '$context.identity.sourceIp',
      route: '$context.routeKey',
      status: '$context.status',
      latencyMs: '$context.responseLatency',
      integrationLatencyMs: '$context.integrationLatency',
      integrationStatus: '$context.integration.status',
      integrationError: '$context.integrationErrorMessage',
    });
  });

  it('keeps its logs and those of the functions for 30 days', () => {
    expect(propertiesOf(prod, 'AWS::Logs::LogGroup')).toEqual({
      WebhookLogGroup: { LogGroupName: '/aws/lambda/call-router-prod-webhook', RetentionInDays: 30 },
      RingToLogGroup: { LogGroupName: '/aws/lambda/call-router-prod-ringTo', RetentionInDays: 30 },
      RingTimeoutLogGroup: { LogGroupName: '/aws/lambda/call-router-prod-ringTimeout', RetentionInDays: 30 },
      RefreshAgentsLogGroup: {
        LogGroupName: '/aws/lambda/call-router-prod-refreshAgents',
        RetentionInDays: 30,
      },
      SyncContactsLogGroup: {
        LogGroupName: '/aws/lambda/call-router-prod-syncContacts',
        RetentionInDays: 30,
      },
      OauthInstallLogGroup: {
        LogGroupName: '/aws/lambda/call-router-prod-oauthInstall',
        RetentionInDays: 30,
      },
      OauthCallbackLogGroup: {
        LogGroupName: '/aws/lambda/call-router-prod-oauthCallback',
        RetentionInDays: 30,
      },
      ForgetAccountsLogGroup: {
        LogGroupName: '/aws/lambda/call-router-prod-forgetAccounts',
        RetentionInDays: 30,
      },
      HealthLogGroup: { LogGroupName: '/aws/lambda/call-router-prod-health', RetentionInDays: 30 },
      HttpApiLogGroup: { LogGroupName: '/aws/http-api/call-router-prod', RetentionInDays: 30 },
    });
  });

  it('cannot be removed in prod by mistake, for it would come back under another URL', () => {
    expect(prod.state.service.provider.deletionProtection).toEqual({ stages: ['prod'] });
  });

  it('tells the operator its URLs, the name of the table, and that of the key', () => {
    expect(prod.template.Outputs).toMatchObject({
      WebhookUrl: { Value: { 'Fn::Join': ['', [apiUrl, '/aircall/calls']] } },
      InstallUrl: { Value: { 'Fn::Join': ['', [apiUrl, '/aircall/oauth/install']] } },
      TableName: { Value: { Ref: 'Table' } },
      SealingKeyId: { Value: { Ref: 'SealingKeyAlias' } },
    });
  });

  it('tells the URLs under a domain of yours, where there is one', () => {
    expect(publisher.template.Outputs).toMatchObject({
      WebhookUrl: { Value: { 'Fn::Join': ['', ['https://router.example.com', '/aircall/calls']] } },
      InstallUrl: { Value: { 'Fn::Join': ['', ['https://router.example.com', '/aircall/oauth/install']] } },
    });
  });
});

describe('the template', () => {
  it('goes nowhere in a circle, which CloudFormation would refuse', () => {
    expect(circleOf(prod)).toBeUndefined();
    expect(circleOf(publisher)).toBeUndefined();
  });
});

describe('alarms', () => {
  it('watch what can go wrong, each from the point where someone has to look', () => {
    expect(mapValues(alarmsOf(prod), conditionOf)).toEqual({
      WebhookErrorsAlarm: 'AWS/Lambda Errors Sum >= 1, in 1 of 1 x 60 s',
      RingToErrorsAlarm: 'AWS/Lambda Errors Sum >= 1, in 1 of 1 x 60 s',
      WebhookThrottlesAlarm: 'AWS/Lambda Throttles Sum >= 1, in 1 of 1 x 60 s',
      WebhookSlowAlarm: 'AWS/Lambda Duration p99 >= 3500, in 2 of 3 x 300 s',
      ApiServerErrorsAlarm: 'AWS/ApiGateway 5xx Sum >= 1, in 1 of 1 x 60 s',
      RefusedTokenAlarm: 'CallRouter RefusedToken Sum >= 3, in 1 of 1 x 300 s',
      FailedTransferAlarm: 'CallRouter FailedTransfer Sum >= 3, in 1 of 1 x 300 s',
      CredentialsRefusedAlarm: 'CallRouter CredentialsRefused Sum >= 1, in 1 of 1 x 60 s',
      CredentialsClosedAlarm: 'CallRouter CredentialsClosed Sum >= 3, in 1 of 1 x 600 s',
      StoreUnavailableAlarm: 'CallRouter StoreUnavailable Sum >= 3, in 1 of 1 x 300 s',
      UnexpectedErrorAlarm: 'CallRouter UnexpectedError Sum >= 1, in 1 of 1 x 60 s',
      UnreadableDeliveriesAlarm: 'CallRouter UnreadableDelivery Sum >= 3, in 1 of 1 x 300 s',
      ItemUnreadableAlarm: 'CallRouter ItemUnreadable Sum >= 1, in 1 of 1 x 300 s',
      SettleFailedAlarm: 'CallRouter SettleFailed Sum >= 3, in 1 of 1 x 300 s',
      RefreshAgentsErrorsAlarm: 'AWS/Lambda Errors Sum >= 1, in 2 of 3 x 300 s',
      RefreshAgentsSilentAlarm: 'AWS/Lambda Invocations Sum < 1, in 1 of 1 x 900 s',
      WebhookWasOffAlarm: 'CallRouter WebhookWasOff Sum >= 1, in 1 of 1 x 600 s',
      WebhookEventsCorrectedAlarm: 'CallRouter WebhookEventsCorrected Sum >= 1, in 1 of 1 x 300 s',
      WebhookMadeAgainAlarm: 'CallRouter WebhookMadeAgain Sum >= 1, in 1 of 1 x 300 s',
      WebhookGoneAlarm: 'CallRouter WebhookGone Sum >= 1, in 1 of 1 x 600 s',
      SyncContactsErrorsAlarm: 'AWS/Lambda Errors Sum >= 1, in 1 of 1 x 300 s',
      OauthInstallErrorsAlarm: 'AWS/Lambda Errors Sum >= 1, in 1 of 1 x 300 s',
      OauthCallbackErrorsAlarm: 'AWS/Lambda Errors Sum >= 1, in 1 of 1 x 300 s',
      InstallFailedAlarm: 'CallRouter InstallFailed Sum >= 1, in 1 of 1 x 300 s',
      ForgetAccountsErrorsAlarm: 'AWS/Lambda Errors Sum >= 1, in 1 of 1 x 300 s',
      QueueTroubleAlarm: 'CallRouter QueueTrouble Sum >= 3, in 1 of 1 x 300 s',
      DeadRingTimersAlarm: 'AWS/SQS ApproximateNumberOfMessagesVisible Maximum >= 1, in 1 of 1 x 60 s',
      RingTimersLateAlarm: 'AWS/SQS ApproximateAgeOfOldestMessage Maximum >= 240, in 1 of 1 x 60 s',
    });
  });

  it('watch the function, the API, the queue or the service they are named for', () => {
    const webhook = [{ Name: 'FunctionName', Value: 'call-router-prod-webhook' }];
    const refreshAgents = [{ Name: 'FunctionName', Value: 'call-router-prod-refreshAgents' }];
    const service = [{ Name: 'service', Value: 'call-router-prod' }];

    expect(mapValues(alarmsOf(prod), ({ Dimensions }) => Dimensions)).toEqual({
      WebhookErrorsAlarm: webhook,
      RingToErrorsAlarm: [{ Name: 'FunctionName', Value: 'call-router-prod-ringTo' }],
      WebhookThrottlesAlarm: webhook,
      WebhookSlowAlarm: webhook,
      ApiServerErrorsAlarm: [{ Name: 'ApiId', Value: { Ref: 'HttpApi' } }],
      RefusedTokenAlarm: service,
      FailedTransferAlarm: service,
      CredentialsRefusedAlarm: service,
      CredentialsClosedAlarm: service,
      StoreUnavailableAlarm: service,
      UnexpectedErrorAlarm: service,
      UnreadableDeliveriesAlarm: service,
      ItemUnreadableAlarm: service,
      SettleFailedAlarm: service,
      RefreshAgentsErrorsAlarm: refreshAgents,
      RefreshAgentsSilentAlarm: refreshAgents,
      WebhookWasOffAlarm: service,
      WebhookEventsCorrectedAlarm: service,
      WebhookMadeAgainAlarm: service,
      WebhookGoneAlarm: service,
      SyncContactsErrorsAlarm: [{ Name: 'FunctionName', Value: 'call-router-prod-syncContacts' }],
      OauthInstallErrorsAlarm: [{ Name: 'FunctionName', Value: 'call-router-prod-oauthInstall' }],
      OauthCallbackErrorsAlarm: [{ Name: 'FunctionName', Value: 'call-router-prod-oauthCallback' }],
      InstallFailedAlarm: service,
      ForgetAccountsErrorsAlarm: [{ Name: 'FunctionName', Value: 'call-router-prod-forgetAccounts' }],
      QueueTroubleAlarm: service,
      DeadRingTimersAlarm: [{ Name: 'QueueName', Value: 'call-router-prod-ring-timers-dead' }],
      RingTimersLateAlarm: [{ Name: 'QueueName', Value: 'call-router-prod-ring-timers' }],
    });
  });

  it('watch metrics that the router writes', () => {
    const writer = readFileSync(join(root, 'lib/adapters/metrics.ts'), 'utf8');
    const watched = Object.values(alarmsOf(prod)).filter(({ Namespace }) => Namespace === 'CallRouter');

    for (const { MetricName } of watched) expect(writer).toContain(`'${MetricName}'`);
  });

  it('take no data for good news, but for the agents that nobody refreshed', () => {
    const { RefreshAgentsSilentAlarm: silent, ...others } = alarmsOf(prod);

    expect(silent?.TreatMissingData).toBe('breaching');
    for (const { TreatMissingData } of Object.values(others)) expect(TreatMissingData).toBe('notBreaching');
  });

  it('say what they mean and what to do first, in what fits a notification', () => {
    for (const { AlarmDescription } of Object.values(alarmsOf(prod))) {
      expect(AlarmDescription).toMatch(/^.{60,} First: .{40,}$/);
      expect(AlarmDescription.length).toBeLessThanOrEqual(1024);
    }
  });

  it('send nobody to SSM for the token of a webhook: registering makes it accepted', () => {
    const texts = Object.values(alarmsOf(prod)).map(({ AlarmDescription }) => AlarmDescription);

    for (const text of texts) expect(text).not.toMatch(/aircall-webhook-tokens|--show-token/);
    expect(alarmsOf(prod)['WebhookGoneAlarm']?.AlarmDescription).toContain(
      '`call-router webhook register --url …`',
    );
  });

  it('tell the topic that was given, of the trouble and of its end', () => {
    const told = [{ 'Fn::If': ['HasAlarmTopic', ALARM_TOPIC, { Ref: 'AWS::NoValue' }] }];

    for (const { AlarmActions, OKActions } of Object.values(alarmsOf(prod))) {
      expect({ AlarmActions, OKActions }).toEqual({ AlarmActions: told, OKActions: told });
    }
    expect(prod.template.Conditions['HasAlarmTopic']).toEqual({
      'Fn::Not': [{ 'Fn::Equals': [ALARM_TOPIC, ''] }],
    });
  });

  it('tell nobody where no topic was given', () => {
    expect(local.template.Conditions['HasAlarmTopic']).toEqual({ 'Fn::Not': [{ 'Fn::Equals': ['', ''] }] });
  });
});

describe('the dashboard', () => {
  it('shows every alarm', () => {
    const shown = widgetsOf(prod).flatMap(({ properties }) => properties.alarms ?? []);

    expect(shown).toEqual(Object.keys(alarmsOf(prod)).map((logicalId) => `<${logicalId}.Arn>`));
  });

  it('shows the deliveries by outcome', () => {
    expect(metricsOf(prod, 'Deliveries by outcome')).toEqual(
      ['routed', 'left', 'in-doubt', 'duplicate', 'tracked', 'ignored', 'refused'].map((outcome) =>
        ['CallRouter', 'Delivery', 'service', 'call-router-prod', 'outcome', outcome].join(' '),
      ),
    );
  });

  it('shows how long a caller waits for the transfer: the median, one in ten, one in a hundred', () => {
    expect(metricsOf(prod, "Time to transfer, from the webhook to Aircall's acceptance")).toEqual([
      'CallRouter TimeToTransfer service call-router-prod p50',
      'CallRouter TimeToTransfer service call-router-prod p90',
      'CallRouter TimeToTransfer service call-router-prod p99',
    ]);
  });

  it('shows what went wrong with calls', () => {
    expect(metricsOf(prod, 'What went wrong')).toEqual([
      'CallRouter FailedTransfer service call-router-prod',
      'CallRouter RefusedToken service call-router-prod',
      'CallRouter CredentialsRefused service call-router-prod',
      'CallRouter CredentialsClosed service call-router-prod',
      'CallRouter StoreUnavailable service call-router-prod',
      'CallRouter SettleFailed service call-router-prod',
      'CallRouter AircallTrouble service call-router-prod',
      'CallRouter InsightCardFailed service call-router-prod',
      'CallRouter UnreadableDelivery service call-router-prod',
      'CallRouter ItemUnreadable service call-router-prod',
      'CallRouter UnexpectedError service call-router-prod',
      'CallRouter PresenceCorrected service call-router-prod',
      'CallRouter QueueTrouble service call-router-prod',
      'CallRouter WebhookWasOff service call-router-prod',
      'CallRouter WebhookEventsCorrected service call-router-prod',
      'CallRouter WebhookMadeAgain service call-router-prod',
      'CallRouter WebhookGone service call-router-prod',
      'CallRouter WebhookLeftOver service call-router-prod',
      'CallRouter InstallFailed service call-router-prod',
      'CallRouter FirstRefreshFailed service call-router-prod',
    ]);
  });

  it('shows the errors, throttles and duration of the functions', () => {
    expect(metricsOf(prod, 'Functions: errors and throttles')).toEqual([
      'AWS/Lambda Errors FunctionName call-router-prod-webhook',
      'AWS/Lambda Throttles FunctionName call-router-prod-webhook',
      'AWS/Lambda Errors FunctionName call-router-prod-refreshAgents',
      'AWS/Lambda Invocations FunctionName call-router-prod-refreshAgents',
      'AWS/Lambda Errors FunctionName call-router-prod-syncContacts',
      'AWS/Lambda Errors FunctionName call-router-prod-ringTimeout',
      'AWS/Lambda Throttles FunctionName call-router-prod-ringTimeout',
      'AWS/Lambda Errors FunctionName call-router-prod-oauthInstall',
      'AWS/Lambda Errors FunctionName call-router-prod-oauthCallback',
      'AWS/Lambda Errors FunctionName call-router-prod-forgetAccounts',
    ]);
    expect(metricsOf(prod, 'Functions: duration')).toEqual([
      'AWS/Lambda Duration FunctionName call-router-prod-webhook p50',
      'AWS/Lambda Duration FunctionName call-router-prod-webhook p99',
      'AWS/Lambda Duration FunctionName call-router-prod-refreshAgents Maximum',
    ]);
  });

  it('shows what the API answered', () => {
    expect(metricsOf(prod, 'HTTP API')).toEqual([
      'AWS/ApiGateway Count ApiId <HttpApi>',
      'AWS/ApiGateway 4xx ApiId <HttpApi>',
      'AWS/ApiGateway 5xx ApiId <HttpApi>',
    ]);
  });

  it('shows the ring timers: how many were started and given up, and how old the oldest is', () => {
    expect(metricsOf(prod, 'Ring timers')).toEqual([
      'AWS/SQS NumberOfMessagesSent QueueName <RingTimers.QueueName>',
      'AWS/SQS ApproximateNumberOfMessagesVisible QueueName <DeadRingTimers.QueueName> Maximum',
      'AWS/SQS ApproximateAgeOfOldestMessage QueueName <RingTimers.QueueName> Maximum',
    ]);
  });

  it('shows what the table consumes, and where it is throttled', () => {
    expect(metricsOf(prod, 'Table: consumed capacity units')).toEqual([
      'AWS/DynamoDB ConsumedReadCapacityUnits TableName <Table>',
      'AWS/DynamoDB ConsumedWriteCapacityUnits TableName <Table>',
    ]);
    expect(metricsOf(prod, "Table: throttles (a throttled index holds the table's writes back)")).toEqual([
      'AWS/DynamoDB ReadThrottleEvents TableName <Table>',
      'AWS/DynamoDB WriteThrottleEvents TableName <Table>',
      'AWS/DynamoDB WriteThrottleEvents TableName <Table> GlobalSecondaryIndexName byDay',
      'AWS/DynamoDB WriteThrottleEvents TableName <Table> GlobalSecondaryIndexName agents',
    ]);
  });
});

// Running serverless

interface Run {
  readonly exitCode: number | null;
  readonly output: string;
}

interface Package extends Run {
  readonly directory: string;
  readonly template: Template;
  readonly state: { service: { provider: { deletionProtection?: unknown } } };
}

type Edit = (serverlessYml: string) => string;

async function packageService(name: string, options: readonly string[], edit?: Edit): Promise<Package> {
  const directory = join(scratch, `${name}.package`);
  const run = await runServerless(name, ['package', '--package', directory, ...options], edit);
  if (run.exitCode !== 0) throw new Error(`serverless package ${options.join(' ')} failed:\n${run.output}`);

  return {
    ...run,
    directory,
    template: JSON.parse(readFileSync(join(directory, 'cloudformation-template-update-stack.json'), 'utf8')),
    state: JSON.parse(readFileSync(join(directory, 'serverless-state.json'), 'utf8')),
  };
}

/** In a copy of all that a deployment is made of, and with an environment in which there are no credentials to be found. */
function runServerless(name: string, args: readonly string[], edit: Edit = (text) => text): Promise<Run> {
  const service = join(scratch, name);
  const home = join(scratch, `${name}.home`);
  mkdirSync(service);
  mkdirSync(home);
  for (const part of ['serverless.yml', 'package.json', 'tsconfig.json', 'deploy', 'functions', 'lib']) {
    cpSync(join(root, part), join(service, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(service, 'node_modules'), 'junction');
  const serverlessYml = join(service, 'serverless.yml');
  writeFileSync(serverlessYml, edit(readFileSync(serverlessYml, 'utf8')));

  const child = spawn(process.execPath, [join(root, 'node_modules/serverless/bin/serverless.js'), ...args], {
    cwd: service,
    env: {
      PATH: [join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter),
      HOME: home,
      USERPROFILE: home,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });

  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, output }));
  });
}

// Reading the template

interface Template {
  readonly Resources: Record<string, Resource>;
  readonly Conditions: Record<string, unknown>;
  readonly Outputs: Record<string, unknown>;
}

interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties: unknown;
}

interface LambdaFunction {
  readonly FunctionName: string;
  readonly Handler: string;
  readonly Runtime: string;
  readonly Architectures: readonly string[];
  readonly Timeout: number;
  readonly MemorySize: number;
  readonly TracingConfig: unknown;
  readonly Environment: { readonly Variables: Record<string, unknown> };
  readonly Role: unknown;
}

interface Role {
  readonly Policies: readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[];
  readonly ManagedPolicyArns: readonly unknown[];
}

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

interface Alarm {
  readonly AlarmDescription: string;
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: unknown;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Period: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly TreatMissingData: string;
  readonly AlarmActions: unknown;
  readonly OKActions: unknown;
}

interface Widget {
  readonly properties: {
    readonly title: string;
    readonly alarms?: readonly string[];
    readonly metrics?: readonly (readonly (string | { readonly stat?: string })[])[];
  };
}

/** The properties of all resources of a type by logical id, without those that a condition keeps from being created. */
function propertiesOf<Properties = unknown>({ template }: Package, type: string): Record<string, Properties> {
  const wanted = Object.entries(template.Resources).filter(
    ([, resource]) => resource.Type === type && resource.Condition !== 'Never',
  );
  return Object.fromEntries(
    wanted.map(([logicalId, { Properties }]) => [logicalId, Properties as Properties]),
  );
}

/** By the name that serverless.yml gives them. */
function functionsOf(service: Package): Record<string, LambdaFunction> {
  const functions = Object.entries(propertiesOf<LambdaFunction>(service, 'AWS::Lambda::Function'));
  return Object.fromEntries(
    functions.map(([logicalId, properties]) => [
      logicalId.charAt(0).toLowerCase() + logicalId.slice(1).replace('LambdaFunction', ''),
      properties,
    ]),
  );
}

function rolesOf(service: Package): Record<string, Role> {
  return propertiesOf<Role>(service, 'AWS::IAM::Role');
}

function alarmsOf(service: Package): Record<string, Alarm> {
  return propertiesOf<Alarm>(service, 'AWS::CloudWatch::Alarm');
}

function tableOf({ template }: Package): Resource | undefined {
  return template.Resources['Table'];
}

/** What a role allows, as sentences: `action on resource`. */
function grantsOf(service: Package, logicalId: string): string[] {
  const role = rolesOf(service)[logicalId];
  const statements = role === undefined ? [] : statementsOf(role);
  return statements.flatMap((statement) =>
    resourcesOf(statement).flatMap((resource) =>
      actionsOf(statement).map((action) => `${action} on ${resource}`),
    ),
  );
}

function statementsOf(role: Role): readonly Statement[] {
  return role.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

function actionsOf({ Action }: Statement): readonly string[] {
  return [Action].flat();
}

function resourcesOf({ Resource }: Statement): string[] {
  return [Resource].flat().map((resource) => {
    if (typeof resource === 'string') return resource;
    const { 'Fn::Sub': text, 'Fn::GetAtt': attribute } = resource as {
      'Fn::Sub'?: string;
      'Fn::GetAtt'?: string[];
    };
    return text ?? attribute?.join('.') ?? JSON.stringify(resource);
  });
}

/** Resources that need each other to be there first, if there are such. */
function circleOf({ template: { Resources } }: Package): readonly string[] | undefined {
  const needed = mapValues(Resources, (resource) => namesIn(resource).filter((name) => name in Resources));
  const done = new Set<string>();

  function follow(name: string, path: readonly string[]): readonly string[] | undefined {
    if (path.includes(name)) return [...path, name];
    if (done.has(name)) return undefined;

    for (const next of needed[name] ?? []) {
      const circle = follow(next, [...path, name]);
      if (circle !== undefined) return circle;
    }
    done.add(name);
    return undefined;
  }
  for (const name of Object.keys(Resources)) {
    const circle = follow(name, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

/** What a part of the template refers to, in each of CloudFormation's ways. */
function namesIn(part: unknown): readonly string[] {
  if (typeof part !== 'object' || part === null) return [];

  return Object.entries(part).flatMap(([key, value]) => {
    if (key === 'Ref') return [String(value)];
    if (key === 'Fn::GetAtt') return [String([value].flat()[0]).replace(/\..*/, '')];
    if (key === 'DependsOn') return [value].flat().map(String);
    if (key === 'Fn::Sub') {
      const text = String([value].flat()[0]);
      return [...text.matchAll(/\$\{([A-Za-z0-9]+)/g)].map(([, name]) => name ?? '');
    }
    return namesIn(value);
  });
}

/** The end of a log group's ARN, `:*`, stands for the streams of that very group and is none. */
function hasWildcard(actionOrResource: string): boolean {
  return actionOrResource.replace(/(?<=:log-group:[^*]+)(:\*)+$/, '').includes('*');
}

function conditionOf(alarm: Alarm): string {
  const operators: Record<string, string> = { GreaterThanOrEqualToThreshold: '>=', LessThanThreshold: '<' };
  const metric = `${alarm.Namespace} ${alarm.MetricName} ${alarm.Statistic ?? alarm.ExtendedStatistic}`;
  const threshold = `${operators[alarm.ComparisonOperator]} ${alarm.Threshold}`;
  const periods = `${alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods} of ${alarm.EvaluationPeriods}`;
  return `${metric} ${threshold}, in ${periods} x ${alarm.Period} s`;
}

/** The dashboard's body is a string with references in it: `${Table}` is read as `<Table>`. */
function widgetsOf(service: Package): readonly Widget[] {
  const { Dashboard: dashboard } = propertiesOf<{ DashboardBody: { 'Fn::Sub': string } }>(
    service,
    'AWS::CloudWatch::Dashboard',
  );
  return JSON.parse((dashboard?.DashboardBody['Fn::Sub'] ?? '').replaceAll(/\$\{([^}]+)\}/g, '<$1>')).widgets;
}

/** The metrics of a widget as sentences, each with its own statistic if it has one. */
function metricsOf(service: Package, title: string): string[] | undefined {
  const widget = widgetsOf(service).find(({ properties }) => properties.title === title);
  return widget?.properties.metrics?.map((metric) =>
    metric
      .map((part) => (typeof part === 'string' ? part : part.stat))
      .filter((part) => part !== undefined)
      .join(' '),
  );
}

function mapValues<In, Out>(
  record: Record<string, In>,
  change: (value: In, key: string) => Out,
): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}

// Reading a bundle

interface BundledFile {
  readonly name: string;
  readonly bytes: number;
  readonly text: string;
}

function sizeOf(files: readonly BundledFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

function bundleOf({ directory }: Package, functionName: string): BundledFile[] {
  return readZip(readFileSync(join(directory, `${functionName}.zip`)));
}

/** Imports a function's bundle as Lambda does, with the environment of the template. @returns what went wrong */
function startFunction(service: Package, name: string): string {
  const file = bundleOf(service, name)[0];
  const variables = functionsOf(service)[name]?.Environment.Variables ?? {};
  const path = join(service.directory, `${name}.mjs`);
  writeFileSync(path, file?.text ?? '');

  const { status, stderr } = spawnSync(process.execPath, [path], {
    encoding: 'utf8',
    env: {
      AWS_REGION: 'eu-west-1',
      // What CloudFormation fills in is a URL or an ARN, and there.
      ...mapValues(variables, (value) =>
        typeof value === 'string' ? value : 'https://filled-in.example.com',
      ),
    },
  });
  // Node shows the whole bundle, which is one line, before it says what is wrong.
  return status === 0 ? '' : (stderr.match(/^\w*Error: .*/m)?.[0] ?? stderr.slice(-500));
}

/** From the directory at the end of the archive: the offsets are those of the ZIP format, as are the magic numbers. */
function readZip(zip: Buffer): BundledFile[] {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const files: BundledFile[] = [];

  let entry = zip.readUInt32LE(end + 16);
  for (let remaining = zip.readUInt16LE(end + 10); remaining > 0; remaining -= 1) {
    const isDeflated = zip.readUInt16LE(entry + 10) === 8;
    const packedBytes = zip.readUInt32LE(entry + 20);
    const nameBytes = zip.readUInt16LE(entry + 28);
    const header = zip.readUInt32LE(entry + 42);
    const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
    const packed = zip.subarray(start, start + packedBytes);

    files.push({
      name: zip.toString('utf8', entry + 46, entry + 46 + nameBytes),
      bytes: zip.readUInt32LE(entry + 24),
      text: (isDeflated ? inflateRawSync(packed) : packed).toString('utf8'),
    });
    entry += 46 + nameBytes + zip.readUInt16LE(entry + 30) + zip.readUInt16LE(entry + 32);
  }
  return files;
}
