/**
 * A router that is measured: a delivery's body in, ended when it would answer Aircall. Clients are made once, at its start.
 */
export type Peer = { readonly name: PeerName; readonly deliver: (body: string) => Promise<PeerAnswer> };

export type PeerName = 'router' | 'tutorial' | 'floor';
export type PeerAnswer = { readonly status: number; readonly body: string };
export type PeerEnvironment = Readonly<Record<string, string>>;
