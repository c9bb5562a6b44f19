/** Where a request comes from (接続元): the address, whether it came through TLS, and under which origin the browser sees us. */
import { TLSSocket } from 'node:tls';
import type { Context } from 'hono';
import { isLoopbackAddress, isLoopbackUrl } from '../../shared/loopback.ts';

export interface Client {
  /** `local` where there is no socket, as in a request made in the same process. */
  readonly address: string;
  /** Whether nobody on the way could read or change it. */
  readonly isSecure: boolean;
  /**
   * The origin that a browser's address bar shows for us; undefined where the request names a host that is
   * none of ours.
   */
  readonly origin: string | undefined;
}

export interface OurNames {
  /** Of the HTTPS port. */
  readonly httpsNames: readonly string[];
  /** By which browsers reach the proxy in front of the plain port; undefined without one. */
  readonly publicUrl: string | undefined;
}

/** Whether the Host header names this machine and nothing that somebody else may own. */
export const isLoopbackHeader = (host: string | undefined): boolean =>
  host !== undefined && isLoopbackUrl(`http://${host}`);

const socketOf = (context: Context): unknown =>
  Reflect.get(Object(Reflect.get(Object(context.env), 'incoming')), 'socket');

const ownOrigin = (
  host: string | undefined,
  isTls: boolean,
  names: readonly string[],
): string | undefined => {
  if (!isTls) return isLoopbackHeader(host) ? new URL(`http://${host}`).origin : undefined;
  if (host === undefined || !URL.canParse(`https://${host}`)) return undefined;
  const { hostname, origin } = new URL(`https://${host}`);
  const isOurs = names.some((name) => name.toLowerCase() === hostname.replace(/^\[|\]$/g, ''));
  return isOurs ? origin : undefined;
};

export const clientOf = (context: Context, { httpsNames, publicUrl }: OurNames): Client => {
  const socket = socketOf(context);
  const address: unknown = Reflect.get(Object(socket), 'remoteAddress');
  const isTls = socket instanceof TLSSocket;
  const forwarded = context.req.header('x-forwarded-for');
  if (publicUrl !== undefined && !isTls && forwarded !== undefined) {
    // The last one is what the proxy itself saw; what stands before it is whatever its client wrote.
    const last = forwarded.split(',').at(-1)?.trim() ?? '';
    return { address: last.slice(0, 64), isSecure: true, origin: new URL(publicUrl).origin };
  }
  return {
    address: typeof address === 'string' ? address : 'local',
    isSecure: isTls,
    origin: ownOrigin(context.req.header('host'), isTls, httpsNames),
  };
};

const PASSED_ON = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];
/**
 * Whether a program of this machine asks. What a proxy passed on came from elsewhere, whatever address it came
 * through; and a page of somebody else's whose name was made to lead here still names itself in its Host header.
 */
export const isFromHere = (context: Context, { address }: Pick<Client, 'address'>): boolean =>
  !PASSED_ON.some((name) => context.req.header(name) !== undefined) &&
  isLoopbackHeader(context.req.header('host')) &&
  // Without a socket, as in a request that a test hands over, nobody knows where it is from.
  isLoopbackAddress(address);
