/**
 * `npm run call`: places a call on the telephone of an `npm start` that runs, tells what happens, and lets you answer.
 * Ends with 0 when the call is over, with 1 if no stack runs, with 2 on wrong usage, such as a company that is not there.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type AgentHabit, createPlayer } from './player.ts';
import { isRefusal, placeRemoteCall, type RemoteCall } from './remote-telephone.ts';
import { findRunningAircall } from './running-stack.ts';
import { type FlowOrder, flowOrders } from './simulated-aircall/flow-steps.ts';
import { tellStory } from './tell-story.ts';

type Options = {
  readonly from: string;
  readonly company?: number;
  readonly distribution: readonly number[];
  readonly flow?: FlowOrder;
  readonly duplicates?: true;
  readonly reordering?: number;
  readonly agent?: AgentHabit;
  readonly after: number;
  readonly talk: number;
};

const READ_EVERY_MS = 100;

const command = new Command('call')
  .description('Places a call at the simulated Aircall of `npm start`, and tells what becomes of it.')
  .requiredOption('--from <digits>', 'who calls, for instance "+33 1 99 00 00 07", or anonymous', readFrom)
  .option('--company <id>', 'whose number is called, for instance 90210 (default: the main company)', readId)
  .option('--distribution <ids>', 'users whom the number rings by itself, for instance 456,457', readIds, [])
  .addOption(
    new Option(
      '--flow [order]',
      'the call flow asks the router who should ring; --distribution is its fallback',
    )
      .choices(flowOrders)
      .preset('asks-first'),
  )
  .option('--duplicates', 'every event is delivered twice')
  .addOption(new Option('--reordering [seed]', 'events come out of order').argParser(readSeed).preset('1'))
  .addOption(
    new Option('--agent <habit>', 'what agents do when their phone rings (default: you decide)').choices([
      'answers',
      'declines',
      'ignores',
    ]),
  )
  .option('--after <seconds>', 'how long an agent lets it ring first', readSeconds, 2)
  .option('--talk <seconds>', 'how long they talk before the caller hangs up', readSeconds, 10)
  .addHelpText('after', '\nWithout a terminal to press keys at, agents answer.')
  .exitOverride();

process.exitCode = await main(process.argv);

async function main(argv: readonly string[]): Promise<number> {
  try {
    command.parse(argv);
  } catch (error) {
    return error instanceof Error && 'exitCode' in error && error.exitCode === 0 ? 0 : 2;
  }
  const options = command.opts<Options>();
  const aircallUrl = findRunningAircall();
  const call = aircallUrl && (await placeRemoteCall(aircallUrl, readCall(options)).catch(readTrouble));
  if (!call) return complain(1, 'no local stack is running: start it with npm start');
  if (typeof call === 'string') return complain(2, call);

  try {
    await play(call, options);
    return 0;
  } catch {
    return complain(1, 'the local stack has gone');
  }
}

/** @returns why the call was refused; undefined where nobody was there to refuse it */
function readTrouble(error: unknown): string | undefined {
  return isRefusal(error) ? error.message : undefined;
}

function complain(exitCode: number, message: string): number {
  console.error(message);
  return exitCode;
}

function readCall({ from, company, distribution, flow, duplicates, reordering }: Options) {
  return {
    from,
    ...(company !== undefined && { company }),
    distribution: [...distribution],
    ...(flow !== undefined && { flow }),
    ...(duplicates !== undefined && { duplicates }),
    ...(reordering !== undefined && { reorderingSeed: reordering }),
  };
}

async function play(call: RemoteCall, { agent, after, talk }: Options): Promise<void> {
  const hasKeys = agent === undefined && process.stdin.isTTY;
  const habit = hasKeys ? undefined : (agent ?? 'answers');
  const player = createPlayer(call, { habit, afterMs: after * 1000, talkMs: talk * 1000 });
  if (hasKeys) listen(player.press);

  let startedAtMs: number | undefined;
  for (let isOver = false; !isOver; ) {
    const page = await call.readOn();
    for (const event of page.events) {
      startedAtMs ??= event.atMs;
      console.log(tellStory(event, startedAtMs, hasKeys));
      player.see(event);
    }
    isOver = page.isOver;
    if (!isOver) await sleep(READ_EVERY_MS);
  }
  player.close();
  if (hasKeys) process.stdin.setRawMode(false).pause();
}

function listen(press: (key: string) => void): void {
  process.stdin.setRawMode(true).setEncoding('utf8').resume();
  process.stdin.on('data', (keys) => {
    for (const key of String(keys)) press(key);
  });
}

function readFrom(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('nobody calls');
  return text;
}

function readId(text: string): number {
  const id = Number(text);
  if (!Number.isSafeInteger(id) || id < 1) throw new InvalidArgumentError('not an id');
  return id;
}

function readIds(text: string): number[] {
  const ids = text.split(',').map(Number);
  if (!ids.every((id) => Number.isSafeInteger(id) && id > 0)) throw new InvalidArgumentError('not user ids');
  return ids;
}

function readSeed(text: string): number {
  const seed = Number(text);
  if (!Number.isSafeInteger(seed)) throw new InvalidArgumentError('not a whole number');
  return seed;
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() === '' || !(seconds >= 0 && seconds <= 3_600))
    throw new InvalidArgumentError('not seconds');
  return seconds;
}
