/**
 * What the commands of this folder have in common: options that are read strictly, and one line for what is wrong.
 */
import { type Command, CommanderError, InvalidArgumentError } from 'commander';

/** @returns the exit code to end with where there is nothing to run: 0 after `--help`, 2 for wrong usage */
export function readArguments(command: Command, argv: readonly string[]): 0 | 2 | undefined {
  command.allowExcessArguments(false).exitOverride();
  try {
    command.parse(argv);
    return undefined;
  } catch (error) {
    return error instanceof CommanderError && error.exitCode === 0 ? 0 : 2;
  }
}

export function readPositive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('not a whole number above 0');
  return number;
}
