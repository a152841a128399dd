/**
 * DynamoDB's answers, read before the SDK interprets them: one that is too large would take the time and the memory of
 * everyone whose call is under way, and of one that is no object the SDK makes an answer with nothing in it: "not found".
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** @param mostBytes the rest of a larger answer is not taken from the network */
export function readAnswersWhole(client: DynamoDBClient, mostBytes: number): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      // Of the SDK's type nothing is known here; next to the network it is HTTP's.
      const response = (await next(args)).response as HttpResponse;
      const body = await readBody(response.body, mostBytes);
      if (response.statusCode < 300 && body[0] !== openingBrace) throw spoilt('ANSWER_UNREADABLE');
      return { response: Object.assign(response, { body }), output: undefined as never };
    },
    // Next to the network: before whatever reads the body.
    { step: 'deserialize', priority: 'low', name: 'readAnswersWhole' },
  );
}

const openingBrace = '{'.charCodeAt(0);

type HttpResponse = { readonly statusCode: number; readonly body: AsyncIterable<Uint8Array> };

/** What is thrown in the loop ends the connection. */
async function readBody(body: AsyncIterable<Uint8Array>, mostBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw spoilt('ANSWER_TOO_LARGE');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function spoilt(code: string): Error {
  return Object.assign(new Error('no answer of DynamoDB'), { code });
}
