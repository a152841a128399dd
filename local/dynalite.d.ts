declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** An HTTP server that answers as DynamoDB does; in memory unless `path` names a folder. */
  function dynalite(options?: { path?: string; createTableMs?: number }): Server;
  export = dynalite;
}
