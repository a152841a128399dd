/**
 * Whether a request is one of a route such as `GET /v1/calls/:id`.
 */

/** The value of `:id`, '' for a route without one, or undefined where the route does not match. */
export function matchRoute(route: string, method: string, path: string): string | undefined {
  const wanted = route.split('/');
  const got = `${method} ${path}`.split('/');
  const isMatch =
    wanted.length === got.length &&
    wanted.every((part, index) => (part === ':id' ? got[index] !== '' : got[index] === part));

  return isMatch ? (got[wanted.indexOf(':id')] ?? '') : undefined;
}
