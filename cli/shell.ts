/**
 * What every command uses: where its words go, how it ends, and the router's parts it works on.
 */
import type { Operator } from '../lib/compose-operator.ts';
import type { Environment } from '../lib/config.ts';
import { ownAccountId } from '../lib/core/account.ts';
import type { AccountId } from '../lib/core/model.ts';
import { cleanText } from './columns.ts';
import type { LocalNeeds } from './environment.ts';
import { describeStoreFailure, noSuchAccount } from './failures.ts';

/** 0 done, 1 failed, 2 wrong usage. */
export type ExitCode = 0 | 1 | 2;

export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean };

export type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean };

export type Io = {
  readonly stdout: Output;
  readonly stderr: Output;
  /** @default this process's */
  readonly stdin?: Input;
  /** @default this process's */
  readonly environment?: Environment;
};

export type Shell = {
  readonly stderr: Output;
  /** A line of data. */
  readonly print: (line: string) => void;
  readonly printJson: (value: unknown) => void;
  /** A line to whoever is watching. */
  readonly note: (line: string) => void;
  /** Says why nothing came of it. */
  readonly fail: (message: string) => 1;
  /** Says what is wrong with the arguments. */
  readonly refuse: (message: string) => 2;
  /** Asks whoever sits at the terminal; `undefined` where nobody does. */
  readonly confirm: (question: string) => Promise<boolean | undefined>;
  /** Makes an action of commander's out of a function that answers with an exit code. */
  readonly action: <Arguments extends unknown[]>(
    act: (...given: Arguments) => Promise<ExitCode>,
  ) => (...given: Arguments) => Promise<void>;
  /**
   * Opens the router's parts for the length of `work`, on the account that `--account` names.
   *
   * @param needs of the local stack. @default 'any-stack'
   */
  readonly withOperator: (
    work: (operator: Operator) => Promise<ExitCode>,
    needs?: LocalNeeds,
  ) => Promise<ExitCode>;
  /** The same on an account that the command itself names, and which may not be there; or on none. */
  readonly withAccount: (
    accountId: AccountId | undefined,
    work: (operator: Operator) => Promise<ExitCode>,
    needs?: LocalNeeds,
  ) => Promise<ExitCode>;
  /** What the action came to. */
  readonly exitCode: () => ExitCode;
};

/** What stands before or after any command. */
export type GlobalOptions = { readonly local?: true; readonly account?: AccountId };

export function createShell(io: Io, options: () => GlobalOptions): Shell {
  let exitCode: ExitCode = 0;
  const note = (line: string) => {
    io.stderr.write(`${cleanText(line)}\n`);
  };
  const print = (line: string) => {
    io.stdout.write(`${line}\n`);
  };

  return {
    stderr: io.stderr,
    print,
    printJson: (value) => print(JSON.stringify(value, null, 2)),
    note,
    fail,
    refuse,
    confirm: async (question) => {
      const stdin: Input = io.stdin ?? process.stdin;
      if (stdin.isTTY !== true || io.stderr.isTTY !== true) return undefined;

      const { confirm } = await import('./confirm.ts');
      return confirm(cleanText(question), stdin, io.stderr);
    },
    action:
      (act) =>
      async (...given) => {
        exitCode = await act(...given);
      },
    withOperator: async (work, needs) => {
      const { account } = options();
      return open(
        account,
        async (operator) => {
          const missing = account === undefined ? undefined : await findMissing(operator);
          return missing === undefined ? work(operator) : fail(missing);
        },
        needs,
      );
    },
    withAccount: async (accountId, work, needs) =>
      options().account === undefined
        ? open(accountId, work, needs)
        : refuse('leave out --account: the commands of accounts name the account themselves'),
    exitCode: () => exitCode,
  };

  function fail(message: string): 1 {
    note(`error: ${message}`);
    return 1;
  }

  function refuse(message: string): 2 {
    note(`error: ${message}`);
    return 2;
  }

  /** Of an account that isn't there, everything would be empty, and what is written would be nobody's. */
  async function findMissing({ accountId, accounts, deadlineMs }: Operator): Promise<string | undefined> {
    if (accountId === ownAccountId) return undefined;
    const found = await accounts().findAccount(accountId, deadlineMs());
    if (!found.ok) return describeStoreFailure(found.failure);
    return found.value === undefined ? noSuchAccount(accountId) : undefined;
  }

  async function open(
    accountId: AccountId | undefined,
    work: (operator: Operator) => Promise<ExitCode>,
    needs: LocalNeeds = 'any-stack',
  ): Promise<ExitCode> {
    // Loaded here: `--help` need not wait for the AWS SDK.
    const [{ composeOperator }, { openSurroundings }] = await Promise.all([
      import('../lib/compose-operator.ts'),
      import('./environment.ts'),
    ]);
    const surroundings = await openSurroundings(options().local === true, needs, io.environment);
    const { environment, dynamodb } = surroundings;
    try {
      return await work(
        composeOperator({ environment, dynamodb, ...(accountId !== undefined && { accountId }) }),
      );
    } finally {
      await surroundings.close();
    }
  }
}
