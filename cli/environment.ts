/**
 * Where a command works: on what the environment names, or with `--local` on the local stack. That is the one which
 * runs (`npm start` leaves word of itself in `stack.json`), else one opened in this process for the command's length.
 */
import { mkdir, readFile } from 'node:fs/promises';
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import type { Environment } from '../lib/config.ts';
import { dataFolder, sealingKeyFile, stackFile } from '../local/folder.ts';

export type Surroundings = {
  /** Absent: this process's. */
  readonly environment?: Environment;
  /** What the AWS SDK would read of `environment` if it were this process's. */
  readonly dynamodb: DynamoDBClientConfig;
  readonly close: () => Promise<void>;
};

/** What a command needs of `--local`: a stack opened for one command keeps its table, but not its simulated Aircall. */
export type LocalNeeds = 'any-stack' | 'running-stack';

/** @throws if the command needs a local stack that runs, and there is none */
export async function openSurroundings(
  isLocal: boolean,
  needs: LocalNeeds,
  given?: Environment,
): Promise<Surroundings> {
  if (isLocal) return openLocalStack(needs);
  if (given !== undefined) return within(given);

  return { dynamodb: {}, close: async () => undefined };
}

async function openLocalStack(needs: LocalNeeds): Promise<Surroundings> {
  const running = await findRunningStack();
  if (running !== undefined) return within(running);
  if (needs === 'running-stack') throw new Error('start the local stack first: npm start');

  const { startLocalStack } = await import('../local/stack.ts');
  await mkdir(dataFolder(), { recursive: true });
  const stack = await startLocalStack({
    dataFolder: dataFolder(),
    sealingKeyFile: sealingKeyFile(),
    acceptUnknownCalls: true,
  });
  return within(stack.environment, stack.close);
}

const stackWord = z.object({
  environment: z.record(z.string(), z.string()),
  pid: z.int().check(z.positive()),
});

/**
 * A stack that was killed leaves its file behind, and someone else may have taken its port: only one whose process is
 * there, and which answers, is running.
 */
async function findRunningStack(): Promise<Environment | undefined> {
  try {
    const { environment, pid } = stackWord.parse(JSON.parse(await readFile(stackFile(), 'utf8')));
    if (!isAlive(pid)) return undefined;
    await fetch(environment['AWS_ENDPOINT_URL_DYNAMODB'] ?? '', { signal: AbortSignal.timeout(1000) });
    return environment;
  } catch {
    return undefined;
  }
}

/** Signal 0 is not sent: that it could be says that the process is there, and so does that it may not be. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
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
