/** The parts that route an announced call, put together as they are deployed, over the ports that a test gives. */
import type { ReadCall, ReleaseAgent, StartRingTimer, TransferCall } from '../../lib/ports.ts';
import type { ConsiderAgent } from '../../lib/use-cases/consider-agent.ts';
import { createFollowUp } from '../../lib/use-cases/follow-up.ts';
import { createRouteCall, type RouteCall, type RouteCallPorts } from '../../lib/use-cases/route-call.ts';
import type { ShowCard } from '../../lib/use-cases/show-card.ts';
import { createJudgeByReading, createTransferOnce } from '../../lib/use-cases/transfer-once.ts';
import { createTryTargets } from '../../lib/use-cases/try-targets.ts';
import { createWebhookDoor } from '../../lib/use-cases/webhook-door.ts';

export type RoutingPorts = Omit<RouteCallPorts, 'tryTargets' | 'followUp'> & {
  readonly considerAgent: ConsiderAgent;
  readonly transferCall: TransferCall;
  readonly readCall: ReadCall;
  readonly releaseAgent: ReleaseAgent;
  readonly startRingTimer: StartRingTimer;
  readonly showCard: ShowCard;
};

/** They were looked up with the claim. */
const findContact = () => {
  throw new Error('the caller was looked up again');
};

const limits = { settleKeptMs: 600, transferNeedsMs: 300, lateAfterMs: 4000 };

export function createRouting(ports: RoutingPorts): RouteCall {
  return createRouteCall(
    {
      ...ports,
      tryTargets: createTryTargets(ports, limits),
      followUp: createFollowUp({ ...ports, findContact }),
    },
    createWebhookDoor(
      {
        judgeByReading: createJudgeByReading(ports),
        transferOnce: createTransferOnce(ports, limits),
        now: ports.now,
      },
      limits,
    ),
    limits,
  );
}
