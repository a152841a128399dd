/**
 * The stage `local` has no secrets, and it is what one gets by forgetting `--stage`. Deployed, it would be a router that
 * refuses to start; so say it here, before AWS is asked for anything.
 */
class RefuseLocalStage {
  constructor(serverless) {
    this.hooks = {
      initialize: () => {
        const [command] = serverless.processedInput.commands;
        if (command !== 'deploy' || serverless.service.provider.stage !== 'local') return;

        throw new serverless.classes.Error(
          'The stage "local" is this machine and is not deployed. Name a stage: npm run deploy -- --stage prod',
        );
      },
    };
  }
}

module.exports = RefuseLocalStage;
