import { expect, it } from 'vitest';
import {
  conditionTexts,
  doubtTexts,
  failureTexts,
  hopTexts,
  ignoreTexts,
  leaveTexts,
  presenceSourceTexts,
  presenceTexts,
  skipTexts,
  sourceTexts,
} from '../../lib/core/reason-texts.ts';

it('has words for every reason to leave a call', () => {
  expect(leaveTexts).toEqual({
    stale: 'the call had started too long ago to act on it',
    'call-over': 'the call was already over',
    'call-answered': 'someone had already answered the call',
    'store-unavailable': 'the table did not answer, or not in time',
    'item-unreadable': 'an item in the table is damaged, or was written by newer code',
    'aircall-unauthorized': 'Aircall found no credentials in our request',
    'aircall-forbidden': 'Aircall did not accept our credentials',
    'aircall-refused': 'Aircall refused our question',
    'aircall-unavailable': 'Aircall did not answer in time, or not in a way we can read',
    'rate-limited': 'the company had used up its requests to Aircall for that minute',
    'no-credentials': "the account's credentials for Aircall could not be opened",
    'router-disabled': 'the policy has the router switched off',
    'no-rule-matches': 'no rule of the policy is for this call',
    'policy-says-leave': 'the rule says so',
    'caller-withheld': 'the caller withheld their number',
    'caller-unreadable': "the caller's digits are no international phone number",
    'unknown-caller': 'no contact has this phone number',
    'no-assigned-agent': 'the contact is assigned to nobody',
    'no-target-available': 'nobody whom it could go to could be rung',
    'call-not-found': 'Aircall does not know this call',
    'transfer-refused': 'Aircall refused the transfer',
    'webhook-was-off': 'nobody told the router of it while its webhook was off, or gone',
    'out-of-time': 'too little time was left',
    'internal-error': 'the router itself failed; its log has the error',
  });
});

it('has words for every doubt', () => {
  expect(doubtTexts).toMatchObject({
    'call-answered': 'someone had already answered the call',
    'aircall-unavailable': 'Aircall did not answer in time, or not in a way we can read',
    'call-touched': 'someone had been given the call, or had given it away',
    'answer-lost': "the answer to a transfer was lost, and may have been Aircall's yes",
    'out-of-time': 'too little time was left',
  });
});

it('has words for every reason to pass an agent over, to ignore an event, and for what named an agent', () => {
  expect(skipTexts).toMatchObject({
    'store-unavailable': 'the table did not answer, or not in time',
    'rate-limited': 'the company had used up its requests to Aircall for that minute',
    'agent-not-on-aircall': 'Aircall has no user with this e-mail (any more)',
    'agent-reserved': 'they were being rung for another call',
    'presence-unknown': 'it is not known what they were doing',
    'agent-available': 'the policy rings nobody who is available',
    'agent-in-call': 'they were in a call',
    'agent-after-call-work': 'they were in after-call work',
    'agent-do-not-disturb': 'they did not take calls',
    'agent-offline': 'they were offline',
    'call-refused': 'they would not take this call',
  });
  expect(hopTexts).toEqual({
    'agent-declined': 'they declined',
    'transfer-failed': 'the transfer to them failed',
    'ring-timeout': 'they let it ring for too long',
  });
  expect(ignoreTexts).toEqual({
    'event-not-routed': 'this kind of event is not acted on',
    'outbound-call': 'the call was made by an agent',
    'call-unreadable': 'the delivery does not describe a call in a way we can read',
    'contact-unreadable': 'the delivery does not describe a contact in a way we can read',
    'account-disabled': "the company's account is switched off",
    'account-uninstalled': 'the company has uninstalled the router',
    'earlier-installation': 'it tells of an installation that another one has replaced',
  });
  expect(sourceTexts).toEqual({
    'assigned-agent': 'the contact is assigned to this agent',
    backup: 'this agent is a backup of the contact',
    'last-agent': 'this agent spoke to the caller last',
    'policy-agent': 'the rule names this agent',
    'policy-team': 'the rule names this team',
    'policy-number': 'the rule names this number',
  });
});

it('has words for every condition of a rule, and for what an agent is doing and who told', () => {
  expect(conditionTexts).toEqual({
    dates: 'the day is none of its dates',
    hours: 'the time is outside its hours',
    number: 'the number called is none of its numbers',
    caller: 'callers of this kind are not among its callers',
    callerCountry: 'the caller is from none of its countries, as far as that can be told',
    contact: 'the contact does not have what it asks for',
  });
  expect(presenceTexts).toEqual({
    available: 'available',
    in_call: 'in a call',
    after_call_work: 'in after-call work',
    do_not_disturb: 'not taking calls',
    offline: 'offline',
  });
  expect(presenceSourceTexts).toEqual({
    event: 'as an event told',
    check: 'as Aircall answered when asked',
  });
});

it('has words for every failure at Aircall', () => {
  expect(failureTexts).toEqual({
    unauthorized: 'Aircall found no credentials in our request',
    forbidden: 'Aircall did not accept our credentials',
    'not-found': 'Aircall does not know what was asked for',
    'call-ended': 'Aircall said that the call had ended',
    refused: 'Aircall refused',
    'rate-limited': 'the company has used up its requests to Aircall for this minute',
    unavailable: 'Aircall could not be reached: nothing was sent',
    'lost-answer': 'the answer was lost',
    'no-answer': 'no answer came in time: it may still have been carried out',
    'out-of-time': 'no time was left to ask: nothing was sent',
    'unreadable-answer': 'an answer came that we cannot read',
    'no-credentials': 'the credentials for Aircall could not be opened: nothing was sent',
  });
});
