/** An answer of DynamoDB with every attribute of another type: texts are truths, numbers are texts, and all else is nothing. */
export function spoilTypes(text: string): string {
  return JSON.stringify(JSON.parse(text, (_key, value) => spoil(value)));
}

function spoil(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 1) return value;
  if ('S' in value) return { BOOL: true };
  if ('N' in value) return { S: `not ${value.N}` };
  return 'L' in value || 'M' in value || 'BOOL' in value || 'SS' in value ? { NULL: true } : value;
}
