/**
 * Where a command works: on what the environment names, or with `--local` on the local stack. That is the one which
 * runs (`npm start` leaves word of itself in `stack.json`), else one opened in this process for the command's length.
 */
import { mkdir, readFile } from 'node:fs/promises';
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import type { Environment } from '../lib/config.ts';
import { dataFolder, stackFile } from '../local/folder.ts';

export type Surroundings = {
  /** Absent: this process's. */
  readonly environment?: Environment;
  /** What the AWS SDK would read of `environment` if it were this process's. */
  readonly dynamodb: DynamoDBClientConfig;
  readonly close: () => Promise<void>;
};

export async function openSurroundings(isLocal: boolean, given?: Environment): Promise<Surroundings> {
  if (isLocal) return openLocalStack();
  if (given !== undefined) return within(given);

  return { dynamodb: {}, close: async () => undefined };
}

async function openLocalStack(): Promise<Surroundings> {
  const running = await findRunningStack();
  if (running !== undefined) return within(running);

  const { startLocalStack } = await import('../local/stack.ts');
  await mkdir(dataFolder(), { recursive: true });
  const stack = await startLocalStack({ dataFolder: dataFolder(), acceptUnknownCalls: true });
  return within(stack.environment, stack.close);
}

const stackWord = z.object({ environment: z.record(z.string(), z.string()) });

/** A stack that was killed leaves its file behind: only one that answers is running. */
async function findRunningStack(): Promise<Environment | undefined> {
  try {
    const { environment } = stackWord.parse(JSON.parse(await readFile(stackFile(), 'utf8')));
    await fetch(environment['AWS_ENDPOINT_URL_DYNAMODB'] ?? '', { signal: AbortSignal.timeout(1000) });
    return environment;
  } catch {
    return undefined;
  }
}

function within(
  environment: Environment,
  close: Surroundings['close'] = async () => undefined,
): Surroundings {
  const { AWS_ENDPOINT_URL_DYNAMODB: endpoint, AWS_REGION: region } = environment;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  const hasKeys = accessKeyId !== undefined && secretAccessKey !== undefined;
  return {
    environment,
    dynamodb: {
      ...(endpoint !== undefined && { endpoint }),
      ...(region !== undefined && { region }),
      ...(hasKeys && { credentials: { accessKeyId, secretAccessKey } }),
    },
    close,
  };
}
