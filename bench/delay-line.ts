/**
 * A server as if it were far away, at the least cost: bytes are handed on late, half of the delay each way, and not looked at.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type DelayLine = { readonly url: string; readonly close: () => Promise<void> };

export async function startDelayLine(targetUrl: string, delayMs: number): Promise<DelayLine> {
  const { port, hostname } = new URL(targetUrl);
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: Number(port), host: hostname, noDelay: true });
    passOn(near, far);
    passOn(far, near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  /** Timers of the same length end in the order in which they began, and so do the bytes. */
  function passOn(from: Socket, to: Socket): void {
    sockets.add(from);
    from.on('data', (chunk) => setTimeout(() => to.writable && to.write(chunk), delayMs / 2));
    from.once('close', () => {
      sockets.delete(from);
      setTimeout(() => to.destroy(), delayMs / 2);
    });
    // What breaks off closes.
    from.on('error', () => undefined);
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
