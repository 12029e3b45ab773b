import type { HttpServerOptions } from './options.ts'

type Place = Pick<HttpServerOptions, 'host' | 'port' | 'socket'>

/** The server could not take its port or its socket; the message says which, why, and what to do. */
export class ListenFailed extends Error {
  override readonly name = 'ListenFailed'

  constructor(place: Place, cause: unknown, reason: string = explain(place, cause)) {
    const { host, port, socket } = place
    super(`cannot listen on ${socket ?? `${host} port ${port}`}: ${reason}`, { cause })
  }
}

function explain({ host, port, socket }: Place, cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  switch (code) {
    case 'EADDRINUSE':
      return socket === undefined
        ? 'another program already listens there; stop it, or choose another port (0 takes any free one)'
        : 'another program already listens there, or the file is no socket; stop it, or choose another path'
    case 'EACCES':
    case 'EPERM':
      if (socket !== undefined) return 'there is no such folder, or this user may not make files there'
      return port < 1024
        ? 'this user may not use ports below 1024; choose a higher one'
        : 'the system does not permit it; choose another port'
    case 'EADDRNOTAVAIL':
      return 'this machine has no such address; use 127.0.0.1 for this machine only or 0.0.0.0 for every network'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name ${host} cannot be resolved; use an address such as 127.0.0.1`
    default:
      return code || (cause instanceof Error ? cause.message : 'the reason is not known')
  }
}
