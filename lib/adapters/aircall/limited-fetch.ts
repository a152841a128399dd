/**
 * `fetch`, but for answers that are too large: they would take the time and the memory of everyone whose call is under way.
 */

/** Aircall's largest pages are some hundred KiB. */
const mostAnswerBytes = 2 * 1024 * 1024;

/** The `code` of the error that reading such an answer ends with. The rest of it is not taken from the network. */
export const answerTooLarge = 'ANSWER_TOO_LARGE';

export async function limitedFetch(input: Request | URL | string, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  return response.body === null ? response : new Response(limit(response.body), response);
}

function limit(body: ReadableStream<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let bytes = 0;
  return body.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        bytes += chunk.length;
        if (bytes <= mostAnswerBytes) return controller.enqueue(chunk);
        controller.error(Object.assign(new Error('the answer is too large'), { code: answerTooLarge }));
      },
    }),
  );
}
