/**
 * `npm run replay`: sample deliveries through the real Lambda handler, an embedded DynamoDB and a simulated Aircall;
 * or, with `--target`, to a router that runs elsewhere. Ends with 1 if anything came out other than expected.
 */
import { isDeepStrictEqual } from 'node:util';
import { Command } from 'commander';
import { type Deliver, deliverToUrl, startHandler } from './deliver.ts';
import {
  callIdOf,
  type ExpectedAnswer,
  findSampleEvent,
  readSampleEvents,
  type SampleEvent,
  stampBody,
} from './sample-events.ts';
import { localWebhookToken } from './stack.ts';

type Options = { readonly target?: string; readonly token: string };

type Replayed = {
  readonly sample: SampleEvent;
  readonly callId: string | undefined;
  readonly answers: readonly ExpectedAnswer[];
  /** Unknown where the router runs elsewhere. */
  readonly transfers: readonly object[] | undefined;
  readonly isAsExpected: boolean;
};

const command = new Command('replay')
  .description('Delivers sample events to the router and compares what comes out with events/manifest.json.')
  .argument('[files...]', 'samples of events/; all of them if none is named')
  .option('--target <url>', 'deliver to a router that runs elsewhere, for instance https://…/aircall/calls')
  .option('--token <token>', 'the webhook token of that router', localWebhookToken)
  .exitOverride()
  .addHelpText('after', '\nExample:\n  npm run replay -- events/call-created.known-caller.json');

process.exitCode = await main(process.argv);

async function main(argv: readonly string[]): Promise<number> {
  try {
    command.parse(argv);
  } catch (error) {
    return error instanceof Error && 'exitCode' in error && error.exitCode === 0 ? 0 : 2;
  }
  const { target, token } = command.opts<Options>();
  const all = readSampleEvents();
  const unknown = command.args.filter((path) => findSampleEvent(all, path) === undefined);
  if (unknown.length > 0) return complain(`no such sample in events/: ${unknown.join(', ')}`);
  if (target !== undefined && !URL.canParse(target)) return complain(`not a URL: ${target}`);

  const named =
    command.args.length === 0 ? all : command.args.flatMap((path) => findSampleEvent(all, path) ?? []);
  // What Aircall and the table have to know beforehand can only be told to our own.
  const samples =
    target === undefined
      ? named
      : named.filter(({ entry }) =>
          [entry.aircall, entry.agents, entry.lastAgents, entry.policy].every((own) => own === undefined),
        );
  const receiver = target === undefined ? await startHandler() : deliverToUrl(target);
  try {
    const replayed: Replayed[] = [];
    for (const sample of samples) replayed.push(await replay(sample, receiver, token));
    print(replayed);
    for (const { file } of named) {
      if (!samples.some((sample) => sample.file === file))
        console.log(`left out: ${file} needs an Aircall, or agents, prepared for it`);
    }
    return replayed.every(({ isAsExpected }) => isAsExpected) ? 0 : 1;
  } catch (error) {
    console.error(`could not deliver: ${explain(error)}`);
    return 1;
  } finally {
    await receiver.close();
  }
}

/** fetch says only that it failed; why is in the cause. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error
    ? `${error.message} (${'code' in cause ? cause.code : cause.name})`
    : error.message;
}

function complain(message: string): number {
  console.error(message);
  return 2;
}

async function replay(sample: SampleEvent, receiver: Deliver, token: string): Promise<Replayed> {
  const body = stampBody(sample, token, Date.now());
  const callId = callIdOf(body);

  await receiver.prepare(sample, callId);

  const before = receiver.transfers()?.length ?? 0;
  const answers: ExpectedAnswer[] = [];
  for (const _ of sample.entry.expect) answers.push(await receiver.deliver(body));
  const transfers = receiver.transfers()?.slice(before);

  const isAsExpected =
    answers.every((answer, index) => matches(answer, sample.entry.expect[index])) &&
    (transfers === undefined || isDeepStrictEqual(transfers, sample.entry.transfers ?? []));
  return { sample, callId, answers, transfers, isAsExpected };
}

function matches(answer: ExpectedAnswer, expected: ExpectedAnswer | undefined): boolean {
  const { callId: _, ...comparable } = answer;
  return isDeepStrictEqual(comparable, expected);
}

function print(replayed: readonly Replayed[]): void {
  const rows = replayed.map(({ sample, callId, answers, isAsExpected }) => [
    isAsExpected ? '✓' : '✗',
    sample.file,
    callId ?? '',
    answers.map(describe).join(', then '),
    sample.entry.expect.map(describe).join(', then '),
  ]);
  printTable([['', 'event', 'call id', 'outcome', 'expected'], ...rows]);

  const transfers = replayed.flatMap((one) => one.transfers?.map((transfer) => ({ ...one, transfer })) ?? []);
  if (transfers.length > 0) console.log('\nTransfers Aircall received:');
  for (const { callId, transfer } of transfers) {
    console.log(`  POST /v1/calls/${callId}/transfers ${JSON.stringify(transfer)}`);
  }

  const failed = replayed.filter(({ isAsExpected }) => !isAsExpected).length;
  console.log(`\n${replayed.length - failed} as expected, ${failed} not`);
}

function describe(answer: ExpectedAnswer): string {
  const { status, outcome, because, detail } = answer;
  const what = outcome === undefined ? [status, detail] : [outcome, because];
  return what.filter((part) => part !== undefined).join(' ');
}

function printTable(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of rows) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}
