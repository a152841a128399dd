/**
 * One command line → its exit code: 0 done, 1 failed, 2 wrong usage. Data goes to stdout, everything else to stderr;
 * an error is one line.
 */
import { Command, CommanderError, Help, type Option } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { addAccountsAdd } from './accounts-add.ts';
import { addAccountsList } from './accounts-list.ts';
import { addAccountsPurge } from './accounts-purge.ts';
import { addAccountsRotateWebhook } from './accounts-rotate-webhook.ts';
import { addAccountsShow } from './accounts-show.ts';
import { addAccountsSwitch } from './accounts-switch.ts';
import { addAgentsList } from './agents-list.ts';
import { addAgentsRefresh } from './agents-refresh.ts';
import { accountOption } from './arguments.ts';
import { addCallsList } from './calls-list.ts';
import { addContactsAssign } from './contacts-assign.ts';
import { addContactsDelete } from './contacts-delete.ts';
import { addContactsExport } from './contacts-export.ts';
import { addContactsGet } from './contacts-get.ts';
import { addContactsImport } from './contacts-import.ts';
import { addContactsSync } from './contacts-sync.ts';
import { addDoctor } from './doctor.ts';
import { addExplain } from './explain.ts';
import { addLastAgentBackfill } from './last-agent-backfill.ts';
import { addPolicyCheck } from './policy-check.ts';
import { addPolicyGet } from './policy-get.ts';
import { addPolicyHistory } from './policy-history.ts';
import { addPolicyPut } from './policy-put.ts';
import { addPolicyRollback } from './policy-rollback.ts';
import { createShell, type ExitCode, type GlobalOptions, type Io } from './shell.ts';
import { addSimulate } from './simulate.ts';
import { addWebhookRegister } from './webhook-register.ts';
import { addWebhookStatus } from './webhook-status.ts';

export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const program = new Command('call-router')
    .description(
      "The call router's operator: contacts, agents, the policy, the webhook at Aircall, the companies it works for, and what became of calls.",
    )
    .option(
      '--local',
      'use the local stack (npm start; without one, its table in .local/) instead of AWS and Aircall',
    )
    .addOption(accountOption())
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => write(`${text.trim().replaceAll('\n', ' ')}\n`),
    });
  // After a command's name it is the command's: `policy get --version 3`.
  if (argv.every((word) => word.startsWith('-'))) program.version(packageJson.version);
  const shell = createShell(io, () => program.opts<GlobalOptions>());

  const contacts = program
    .command('contacts')
    .description('who our callers are, and to whom they are assigned');
  addContactsImport(contacts, shell);
  addContactsExport(contacts, shell);
  addContactsSync(contacts, shell);
  addContactsGet(contacts, shell);
  addContactsAssign(contacts, shell);
  addContactsDelete(contacts, shell);

  const agents = program.command('agents').description('our colleagues, and their users at Aircall');
  addAgentsRefresh(agents, shell);
  addAgentsList(agents, shell);

  const lastAgent = program.command('last-agent').description('who spoke to a caller last');
  addLastAgentBackfill(lastAgent, shell);

  const webhook = program.command('webhook').description('what announces calls to the router, at Aircall');
  addWebhookRegister(webhook, shell);
  addWebhookStatus(webhook, shell);

  const accounts = program
    .command('accounts')
    .description('the companies that the router works for')
    .configureHelp({ showGlobalOptions: true, visibleGlobalOptions: listOptionsOfAccounts });
  addAccountsList(accounts, shell);
  addAccountsShow(accounts, shell);
  addAccountsAdd(accounts, shell);
  addAccountsSwitch(accounts, shell);
  addAccountsRotateWebhook(accounts, shell);
  addAccountsPurge(accounts, shell);

  const calls = program.command('calls').description('the calls that were announced to the router');
  addCallsList(calls, shell);

  const policy = program.command('policy').description('whom a call goes to: the rules of the company');
  addPolicyCheck(policy, shell);
  addPolicyPut(policy, shell);
  addPolicyGet(policy, shell);
  addPolicyHistory(policy, shell);
  addPolicyRollback(policy, shell);

  addSimulate(program, shell);
  addExplain(program, shell);
  addDoctor(program, shell);

  try {
    await program.parseAsync(argv, { from: 'user' });
    return shell.exitCode();
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;

    return shell.fail(describeError(error));
  }
}

/** Its commands name the account themselves. */
function listOptionsOfAccounts(command: Command): Option[] {
  const help = Object.assign(new Help(), { showGlobalOptions: true });
  return help.visibleGlobalOptions(command).filter(({ long }) => long !== '--account');
}

function describeError(error: unknown): string {
  const message = error instanceof Error ? error.message || error.name : String(error);
  const hint = / is not set$/.test(message) ? ' (set it, or use --local for the local stack)' : '';
  return `${message.replaceAll('\n', ' ')}${hint}`;
}
