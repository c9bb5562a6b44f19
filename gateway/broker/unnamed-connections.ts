/**
 * Connections that have not said yet who they are (名乗っていない接続): so many from one address, so that nobody takes
 * every place by holding handshakes open. Who is let in counts no more; many terminals sit behind one address.
 */
import type { Socket } from 'node:net';

export interface UnnamedConnections {
  /** False: there are too many from its address, and it has been hung up on. */
  readonly take: (socket: Socket) => boolean;
  /** Whoever speaks from there is known now; `socket` may be the one or what TLS made of it. */
  readonly named: (socket: Socket) => void;
}

export const createUnnamedConnections = (perAddressMax: number): UnnamedConnections => {
  const portsByAddress = new Map<string, Set<number>>();
  const forget = (address: string, port: number): void => {
    const ports = portsByAddress.get(address);
    ports?.delete(port);
    if (ports?.size === 0) portsByAddress.delete(address);
  };
  return {
    take: (socket) => {
      const { remoteAddress: address = '', remotePort: port = 0 } = socket;
      const ports = portsByAddress.get(address) ?? new Set();
      if (ports.size >= perAddressMax) {
        socket.destroy();
        return false;
      }
      portsByAddress.set(address, ports.add(port));
      socket.once('close', () => forget(address, port));
      return true;
    },
    named: ({ remoteAddress = '', remotePort = 0 }) => forget(remoteAddress, remotePort),
  };
};
