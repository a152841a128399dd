import { expect, it } from 'vitest';
import { listCompanies } from '../../bench/growth.ts';

it('lets one thing grow at a time, beside the smallest company and its twin', () => {
  const companies = listCompanies({ contacts: [100, 1000, 100_000], agents: [10, 5000], rules: [1, 1000] });

  expect(companies).toEqual([
    { of: 'nothing', size: { contacts: 100, agents: 10, rules: 1 } },
    { of: 'nothing', size: { contacts: 100, agents: 10, rules: 1 } },
    { of: 'contacts', size: { contacts: 1000, agents: 10, rules: 1 } },
    { of: 'contacts', size: { contacts: 100_000, agents: 10, rules: 1 } },
    { of: 'agents', size: { contacts: 100, agents: 5000, rules: 1 } },
    { of: 'rules', size: { contacts: 100, agents: 10, rules: 1000 } },
  ]);
});
