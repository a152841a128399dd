/**
 * What the bundles carry in place of the AWS SDK's cache of discovered endpoints (serverless.yml, `alias`). The DynamoDB
 * client makes one and its requests don't use it: they go where the region's endpoint is.
 */

/** By the name that the SDK imports, and calls with `new`. */
export function EndpointCache(): void {}
