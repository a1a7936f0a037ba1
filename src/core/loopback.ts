/** Which hosts are this machine itself. */
import { isIP } from 'node:net';

/** @param host a name or an address, also as it stands in a URL (`[::1]`) */
export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));
