/**
 * How far away DynamoDB and Aircall are made to be: what each adds to a round trip.
 */
export type Delays = { readonly dynamodbMs: number; readonly aircallMs: number };
