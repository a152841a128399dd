/**
 * What the simulated Aircall answers, and the four shapes in which Aircall says no.
 */
export type Answer = { status: number; headers?: Record<string, string>; text?: string };

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    text: JSON.stringify(body),
  };
}

export function html(status: number, page: string): Answer {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, text: page };
}

/** To another page, by a browser. */
export function redirect(location: string): Answer {
  return { status: 302, headers: { location } };
}

/** From the edge, before the application has looked: credentials, limits, paths that lead nowhere. */
export function edgeError(status: number, message: string, headers?: Record<string, string>): Answer {
  return json(status, { message }, headers);
}

export function badRequest(troubleshoot: string): Answer {
  return json(400, { error: 'Bad Request', troubleshoot });
}

export function notFound(troubleshoot: string): Answer {
  return json(404, { error: 'Not Found', troubleshoot });
}

/** Aircall's 405 means "not in this state" as often as "not with this method". */
export function notAllowed(troubleshoot: string): Answer {
  return json(405, { error: 'Method Not Allowed', troubleshoot, success: false });
}

export function unprocessable(errors: Record<string, string>): Answer {
  return json(422, { error: 'Unprocessable Entity', success: false, errors });
}

/**
 * An Int64 in digits, as the bare integer literal Aircall prints. A JavaScript number would round it.
 * (TypeScript has no types yet for `JSON.rawJSON`.)
 */
export function int64(digits: string): unknown {
  return (JSON as JSON & { rawJSON(text: string): unknown }).rawJSON(digits);
}
