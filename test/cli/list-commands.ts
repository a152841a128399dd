/** Every command that the program has, as its `--help` lists them: `contacts import`, `simulate`, … */
import { runCommand } from './command.ts';

export async function listCommands(path: readonly string[] = []): Promise<string[]> {
  const { stdout } = await runCommand([...path, '--help']);
  const [, listed = ''] = stdout.split('\nCommands:\n');
  const names = [...listed.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = '']) => name);
  const below = names
    .filter((name) => name !== 'help')
    .map(async (name) => {
      const inner = await listCommands([...path, name]);
      return inner.length === 0 ? [[...path, name].join(' ')] : inner;
    });
  return (await Promise.all(below)).flat();
}
