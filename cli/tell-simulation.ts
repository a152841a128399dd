/**
 * A simulated call as a person would tell it, in the words in which a real one is explained.
 */
import type { Contact } from '../lib/core/model.ts';
import { leaveTexts, skipTexts, sourceTexts } from '../lib/core/reason-texts.ts';
import type { AircallQuestion, SimulatedTarget, Simulation } from '../lib/use-cases/simulate-call.ts';
import { formatTime } from './columns.ts';
import {
  explained,
  formatAge,
  type Line,
  tellCaller,
  tellPresence,
  tellRules,
  tellTarget,
} from './tell-call.ts';

export function tellSimulation(simulation: Simulation): readonly Line[] {
  const { call, contact, considered } = simulation;
  return [
    ['decision', tellDecision(simulation)],
    ['caller', `${tellCaller(call.caller)}${contact === undefined ? '' : `, ${tellContact(contact)}`}`],
    [
      'called',
      call.aircallNumberId === undefined ? 'no number in particular' : `number ${call.aircallNumberId}`,
    ],
    ['at', formatTime(call.atMs)],
    ...tellRules(simulation),
    ...considered.map((target): Line => ['considered', tellConsidered(target)]),
  ];
}

function tellDecision({ decision, considered }: Simulation): string {
  const asked = considered
    .filter(({ verdict }) => verdict in questionTexts)
    .map(({ target }) => tellTarget(target));
  const unless =
    asked.length === 0 ? '' : `; before that, to ${asked.join(' or ')} if Aircall says that they are free`;
  if (decision.outcome === 'left') {
    return `would be left to Aircall, because ${explained(leaveTexts, decision.because)}${unless}`;
  }
  const { to, aircallUserId } = decision;
  const login = aircallUserId === undefined ? '' : `, Aircall user ${aircallUserId}`;
  return `would be routed to ${tellTarget(to)}${login}, because ${explained(sourceTexts, to.because)}${unless}`;
}

const questionTexts: Record<AircallQuestion, string> = {
  'would-ask-presence': 'it is not known what they are doing: would ask Aircall',
  'would-look-up-agent': 'no agent with this e-mail is stored: would ask Aircall for their user',
  'would-look-up-agent-again': 'Aircall had no user with this e-mail when checked: would ask again',
};

const verdictTexts = { ...skipTexts, ...questionTexts };

function tellConsidered({ target, verdict, checkedAgeMs, ...seen }: SimulatedTarget): string {
  const checked = checkedAgeMs === undefined ? '' : `; checked ${formatAge(checkedAgeMs)} before`;
  return `${tellTarget(target)} (${target.because}): ${tellVerdict(verdict)}${checked}${tellPresence(seen)}`;
}

function tellVerdict(verdict: SimulatedTarget['verdict']): string {
  if (verdict === 'go') return 'could be rung';
  if (verdict in questionTexts) return explained(verdictTexts, verdict);
  return `passed over, because ${explained(verdictTexts, verdict)}`;
}

function tellContact({ name, company }: Contact): string {
  const known = [name, company].filter((text) => text !== undefined);
  return known.length === 0 ? 'a contact' : known.join(', ');
}
