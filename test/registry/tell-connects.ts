// Loaded into a process before its program: tells each connection and each look-up of a name on stderr.

import dgram from 'node:dgram';
import { subscribe } from 'node:diagnostics_channel';
import dns from 'node:dns';
import { writeSync } from 'node:fs';
import net from 'node:net';

/** Synchronously, so that it is told before anything comes of it. */
function tell(what: string): void {
  writeSync(2, `CONNECTS ${what}\n`);
}

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (this: net.Socket, ...parameters: unknown[]) {
  const [first] = parameters.flat();
  tell(
    typeof first === 'object' && first !== null
      ? `${Reflect.get(first, 'host')}:${Reflect.get(first, 'port')}`
      : `${first}`,
  );
  return Reflect.apply(connect, this, parameters);
};
subscribe('net.client.socket', () => tell('socket'));

for (const [from, names] of [
  [dns, ['lookup', 'resolve', 'resolve4', 'resolve6', 'resolveAny']],
  [dns.promises, ['lookup', 'resolve', 'resolve4', 'resolve6', 'resolveAny']],
  [dgram.Socket.prototype, ['send', 'connect']],
] as const) {
  for (const name of names) {
    const original: unknown = Reflect.get(from, name);
    if (typeof original !== 'function') throw new Error(`there is no ${name}`);
    Reflect.set(from, name, function (this: unknown, ...parameters: unknown[]) {
      tell(`${name} ${parameters[0]}`);
      return Reflect.apply(original, this, parameters);
    });
  }
}
