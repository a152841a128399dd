/**
 * What AWS puts around a handler: the event of an HTTP API or of a queue, and the context of an invocation.
 */
import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEventV2, Context, SQSEvent } from 'aws-lambda';
import { limits } from '../lib/config.ts';

/** A `POST` as API Gateway hands it on (payload format 2.0). */
export function toApiGatewayEvent(
  path: string,
  body: string,
  isBase64Encoded = false,
): APIGatewayProxyEventV2 {
  return {
    version: '2.0',
    routeKey: `POST ${path}`,
    rawPath: path,
    rawQueryString: '',
    headers: { 'content-type': 'application/json' },
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: 'localhost',
      domainPrefix: 'localhost',
      http: { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'axios/1.7.9' },
      requestId: randomUUID(),
      routeKey: `POST ${path}`,
      stage: '$default',
      time: '22/Nov/2025:22:40:00 +0000',
      timeEpoch: Date.now(),
    },
    body,
    isBase64Encoded,
  };
}

/** One message, as SQS hands it on in batches of one. */
export function toSqsEvent(body: string, messageId: string = randomUUID()): SQSEvent {
  return {
    Records: [
      {
        messageId,
        receiptHandle: 'local',
        body,
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: String(Date.now()),
          SenderId: 'local',
          ApproximateFirstReceiveTimestamp: String(Date.now()),
        },
        messageAttributes: {},
        md5OfBody: '',
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:local',
        awsRegion: 'eu-west-1',
      },
    ],
  };
}

/** A fresh invocation with the whole time-out before it. */
export function createContext(remainingMs: number = limits.lambdaTimeoutMs): Context {
  const endsAtMs = Date.now() + remainingMs;
  return {
    awsRequestId: randomUUID(),
    getRemainingTimeInMillis: () => endsAtMs - Date.now(),
    functionName: 'local',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:local',
    memoryLimitInMB: '1024',
    logGroupName: 'local',
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: false,
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}
