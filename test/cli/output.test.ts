/** What reaches a terminal. */
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { alignColumns } from '../../cli/columns.ts';
import { startProgress } from '../../cli/progress.ts';
import { createShell } from '../../cli/shell.ts';

function createOutput(isTTY: boolean) {
  let text = '';
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      text += chunk;
      done();
    },
  });
  // What cli-progress asks a terminal for.
  const terminal = {
    isTTY,
    columns: 80,
    cursorTo: () => true,
    moveCursor: () => true,
    clearLine: () => true,
  };
  return { stream: Object.assign(stream, terminal), text: () => text };
}

describe('control characters', () => {
  it('in a cell become spaces, before its width is measured', () => {
    expect(
      alignColumns([
        ['a\u001b[2Jb', 'x'],
        ['c', 'd\r\n\u0000e\u009b'],
      ]),
    ).toEqual(['a [2Jb  x', 'c       d e']);
  });

  it('in a note, a failure or a refusal become spaces', () => {
    const stdout = createOutput(false);
    const stderr = createOutput(false);
    const shell = createShell({ stdout: stdout.stream, stderr: stderr.stream }, () => ({}));
    shell.note('a\u001b[2Jb');
    shell.fail('c\u0007d');
    shell.refuse('e\nf');
    expect([stdout.text(), stderr.text()]).toEqual(['', 'a [2Jb\nerror: c d\nerror: e f\n']);
  });

  it.each([true, false])('in a line beside a progress bar become spaces (terminal: %s)', (isTTY) => {
    const output = createOutput(isTTY);
    const progress = startProgress(output.stream, 100);
    progress.note('a\u001b]0;b\u0007c');
    progress.stop();
    expect(output.text()).toContain('a ]0;b c\n');
  });
});

describe('a progress bar', () => {
  function advanceHalfway(isTTY: boolean) {
    const output = createOutput(isTTY);
    const progress = startProgress(output.stream, 100);
    progress.advance(50);
    progress.stop();
    return output.text();
  }

  it('is shown on a terminal', () => {
    expect(advanceHalfway(true)).toContain('50 %');
  });

  it('is not shown elsewhere', () => {
    expect(advanceHalfway(false)).toBe('');
  });
});
