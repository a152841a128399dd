/**
 * A policy as JSON to read and to edit: a line for each setting, and one for each rule.
 */
import type { Policy, Rule } from '../lib/core/policy.ts';

export function formatPolicy(policy: Policy): readonly string[] {
  const { rules, ...settings } = policy;
  return [
    '{',
    ...Object.entries(settings).map(([name, value]) => `  ${JSON.stringify(name)}: ${formatValue(value)},`),
    '  "rules": [',
    ...rules.map((rule, index) => `    ${formatRule(rule)}${index === rules.length - 1 ? '' : ','}`),
    '  ]',
    '}',
  ];
}

/** In the order in which it is read aloud. */
function formatRule({ name, when, targets }: Rule): string {
  return formatValue({ name, ...(when !== undefined && { when }), targets });
}

function formatValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(formatValue).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);

  const entries = Object.entries(value).map(
    ([name, part]) => `${JSON.stringify(name)}: ${formatValue(part)}`,
  );
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}
