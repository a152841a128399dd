/** One line of JSON for CloudWatch. Past `console`: before what comes from there, Lambda writes words of its own. */
export function writeLine(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
