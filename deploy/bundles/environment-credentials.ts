/**
 * What the bundles carry in place of the AWS SDK's default chain of credential providers (serverless.yml, `alias`). A
 * Lambda has its credentials in its environment: profiles, sign-ons and instance metadata are for the operator's
 * commands, which run unbundled.
 */
import { fromEnv } from '@aws-sdk/credential-provider-env';

/** By the name that the SDK's clients import. */
export const defaultProvider = fromEnv;
