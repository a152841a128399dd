/**
 * A DynamoDB in this process, with our table in it: no Docker, no Java, no account.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import { ClassicLevel } from 'classic-level';
import dynalite from 'dynalite';
import tableDefinition from '../deploy/table.json' with { type: 'json' };

export type EmbeddedDynamodb = {
  readonly url: string;
  readonly tableName: string;
  /** What the AWS SDK and the router need in the environment to use it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether the table was not there before. */
  readonly isNew: boolean;
  readonly close: () => Promise<void>;
};

export type EmbeddedDynamodbOptions = {
  /** A folder that keeps the items. @default none: they live as long as the process */
  readonly path?: string;
  /** @default 0, a free one */
  readonly port?: number;
};

/** @throws if another process has the folder open, or it can't be read */
export async function startEmbeddedDynamodb(
  options: EmbeddedDynamodbOptions = {},
): Promise<EmbeddedDynamodb> {
  if (options.path !== undefined) await refuseUnusableFolder(options.path);
  const server = dynalite({ createTableMs: 0, ...(options.path !== undefined && { path: options.path }) });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');

  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tableName = 'call-router-local';
  const environment = {
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL_DYNAMODB: url,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    TABLE_NAME: tableName,
  };
  const isNew = await createTable(url, tableName);

  return {
    url,
    tableName,
    environment,
    isNew,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** dynalite would find out at its first request, and end the process. */
async function refuseUnusableFolder(path: string): Promise<void> {
  const database = new ClassicLevel(path);
  try {
    await database.open();
  } catch (error) {
    throw new Error(describeOpenFailure(path, error), { cause: error });
  }
  await database.close();
}

/** The database says only that it is not open; the reason is the error's cause. */
function describeOpenFailure(path: string, error: unknown): string {
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(reason instanceof Error)) return `${path} could not be opened: ${reason}`;
  if ('code' in reason && reason.code === 'LEVEL_LOCKED') return `${path} is in use by another process`;

  return `${path} could not be opened: ${reason.message}; if it is damaged, delete it: the samples are made anew`;
}

/** Whether it was not there before. */
async function createTable(url: string, tableName: string): Promise<boolean> {
  const client = new DynamoDBClient({
    endpoint: url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  try {
    await client.send(
      new CreateTableCommand({
        TableName: tableName,
        ...(tableDefinition as Omit<CreateTableCommandInput, 'TableName'>),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ResourceInUseException) return false;
    throw error;
  } finally {
    client.destroy();
  }
}
