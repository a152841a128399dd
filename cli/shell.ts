/**
 * What every command uses: where its words go, how it ends, and the router's parts it works on.
 */
import type { Operator } from '../lib/compose-operator.ts';
import type { Environment } from '../lib/config.ts';
import { cleanText } from './columns.ts';
import type { LocalNeeds } from './environment.ts';

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
  /** Opens the router's parts for the length of `work`. @param needs of the local stack. @default 'any-stack' */
  readonly withOperator: (
    work: (operator: Operator) => Promise<ExitCode>,
    needs?: LocalNeeds,
  ) => Promise<ExitCode>;
  /** What the action came to. */
  readonly exitCode: () => ExitCode;
};

export function createShell(io: Io, isLocal: () => boolean): Shell {
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
    fail: (message) => {
      note(`error: ${message}`);
      return 1;
    },
    refuse: (message) => {
      note(`error: ${message}`);
      return 2;
    },
    confirm: async (question) => {
      const stdin: Input = io.stdin ?? process.stdin;
      if (stdin.isTTY !== true || io.stderr.isTTY !== true) return undefined;

      const { confirm } = await import('./confirm.ts');
      return confirm(question, stdin, io.stderr);
    },
    action:
      (act) =>
      async (...given) => {
        exitCode = await act(...given);
      },
    withOperator: async (work, needs = 'any-stack') => {
      // Loaded here: `--help` need not wait for the AWS SDK.
      const [{ composeOperator }, { openSurroundings }] = await Promise.all([
        import('../lib/compose-operator.ts'),
        import('./environment.ts'),
      ]);
      const surroundings = await openSurroundings(isLocal(), needs, io.environment);
      try {
        return await work(composeOperator(surroundings.environment, surroundings.dynamodb));
      } finally {
        await surroundings.close();
      }
    },
    exitCode: () => exitCode,
  };
}
