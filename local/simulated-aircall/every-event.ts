/**
 * "Everything", as a webhook without a list subscribes to it: the events of Aircall's that we know by name.
 * There are more.
 */
const EVENTS_BY_RESOURCE: Record<string, string[]> = {
  call: [
    'created',
    'ringing_on_agent',
    'agent_declined',
    'answered',
    'transferred',
    'external_transferred',
    'unsuccessful_transfer',
    'hungup',
    'ended',
    'hold',
    'unhold',
    'ivr_option_selected',
    'comm_assets_generated',
    'voicemail_left',
    'assigned',
    'archived',
    'tagged',
    'untagged',
    'commented',
  ],
  user: ['created', 'deleted', 'connected', 'disconnected', 'opened', 'closed', 'wut_start', 'wut_end'],
  number: ['created', 'opened', 'closed', 'deleted'],
  contact: ['created', 'updated', 'deleted'],
};

/** Of the app's own installation: told to webhooks made over OAuth, and to no other. */
export const INTEGRATION_DELETED = 'integration.deleted';

export function everyEvent(isOverOauth: boolean): readonly string[] {
  return isOverOauth ? [...EVENTS_OF_THE_COMPANY, INTEGRATION_DELETED] : EVENTS_OF_THE_COMPANY;
}

const EVENTS_OF_THE_COMPANY: readonly string[] = Object.entries(EVENTS_BY_RESOURCE).flatMap(
  ([resource, names]) => names.map((name) => `${resource}.${name}`),
);
