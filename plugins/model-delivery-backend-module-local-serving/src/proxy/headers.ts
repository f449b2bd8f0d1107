import { IncomingHttpHeaders } from 'node:http';

/** Headers that are about one connection only (RFC 9110, section 7.6.1, and what older programs send). */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Removes in place what must not be passed on, the headers that `Connection` names included. */
export function removeHopByHop(headers: IncomingHttpHeaders): void {
  const named = String(headers.connection ?? '')
    .split(',')
    .map(name => name.trim().toLocaleLowerCase('en-US'));
  for (const name of [...HOP_BY_HOP, ...named]) {
    delete headers[name];
  }
}

/** Whether a request was addressed to this machine by a loopback name, which a web page elsewhere cannot fake. */
export function isLoopbackHost(host: string | undefined): boolean {
  return (
    host !== undefined &&
    /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(host)
  );
}
