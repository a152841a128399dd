/**
 * The people of the local stack: agents at the simulated Aircall, and contacts of ours; and a second company there, which
 * we know nothing of until it installs the app, or gives us its API key. All invented.
 */
import type { Contact, EmailAddress, PhoneNumber } from '../lib/core/model.ts';
import type { SimulatedCompany, SimulatedContact, SimulatedUser } from './simulated-aircall.ts';

export const seedUsers: SimulatedUser[] = [
  { id: 456, name: 'Jane Doe', email: 'Jane@example.com', availability: 'available' },
  { id: 457, name: 'Jan de Vries', email: 'jan@example.com', availability: 'available' },
  { id: 458, name: 'Amélie Laurent', email: 'amelie@example.com', availability: 'offline' },
];

/** Contacts at the simulated Aircall of `npm start`: one whom we know, too, and one who is waiting for a first sync. */
export const seedAircallContacts: readonly SimulatedContact[] = [
  {
    id: '700001',
    firstName: 'Zoë',
    lastName: 'Martin',
    companyName: 'Northwind Tea',
    phones: ['+442079460123'],
  },
  {
    id: '700002',
    firstName: 'Nora',
    lastName: 'Lind',
    companyName: 'Lind & Daughters',
    information: 'owner:jan@example.com\ntier:gold',
    phones: ['+442079460188'],
  },
];

export const secondCompany: SimulatedCompany = {
  id: 90_210,
  name: 'Tidewater Books',
  apiKey: { apiId: 'tidewater-api-id', apiToken: 'tidewater-api-token' },
  number: {
    id: 4321,
    name: 'Bookshop',
    digits: '+44 20 7946 0700',
    country: 'GB',
    timeZone: 'Europe/London',
  },
  users: [
    { id: 771, name: 'Nina Falk', email: 'nina@example.org' },
    { id: 772, name: 'Omar Haddad', email: 'omar@example.org' },
  ],
  contacts: [
    // A customer of both companies, with an agent at each.
    {
      id: '710001',
      firstName: 'Zoë',
      lastName: 'Martin',
      companyName: 'Northwind Tea',
      information: 'owner:nina@example.org',
      phones: ['+442079460123'],
    },
    {
      id: '710002',
      firstName: 'Theo',
      lastName: 'Brand',
      companyName: 'Brand & Binding',
      information: 'owner:omar@example.org',
      phones: ['+33199000042'],
    },
  ],
};

export const seedContacts: readonly Contact[] = [
  contact('+442079460123', 'Zoë Martin', 'Northwind Tea', 'jane@example.com'),
  contact('+33199000007', 'Paul Lefèvre', 'Atelier Sept', 'jan@example.com'),
  // One of our best: gold, and with a backup.
  {
    ...contact('+442079460177', 'Ada Winter', 'Winterthorn', 'jane@example.com'),
    backups: ['jan@example.com' as EmailAddress],
    attributes: { tier: 'gold' },
  },
  // Nobody's customer yet.
  contact('+12025550101', 'Sam Rivers', 'Rivers & Sons'),
  // Assigned to someone whom Aircall doesn't know.
  contact('+12025550102', 'Kim Park', 'Parkline', 'ghost@example.com'),
];

function contact(phone: string, name: string, company: string, assignedTo?: string): Contact {
  return {
    phone: phone as PhoneNumber,
    name,
    company,
    ...(assignedTo !== undefined && { assignedTo: assignedTo as EmailAddress }),
    backups: [],
    attributes: {},
  };
}
