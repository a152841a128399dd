/**
 * What the bundles carry in place of the AWS SDK's event streams (serverless.yml, `alias`). No request of ours has one,
 * and by importing them at run time the SDK keeps esbuild from dropping what is unused elsewhere.
 */

/** By the name that the SDK's protocols import. @throws always */
export function eventStreamSerdeProvider(): never {
  throw new Error('The bundles carry no event streams: see deploy/bundles/no-event-streams.ts');
}

export { eventStreamSerdeProvider as EventStreamSerde };
