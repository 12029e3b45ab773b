import type { HttpServerOptions } from './options.ts'

type Place = Pick<HttpServerOptions, 'host' | 'port' | 'socket' | 'tls'>

/** The server could not take its port or its socket; the message says which, why, and what to do. */
export class ListenFailed extends Error {
  override readonly name = 'ListenFailed'

  constructor(place: Place, cause: unknown) {
    const { host, port, socket } = place
    const where = socket === undefined ? `${host} port ${port}` : socket
    super(`cannot listen on ${where}: ${explain(place, cause)}`, { cause })
  }
}

function explain({ host, port, socket, tls }: Place, cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const message = cause instanceof Error ? cause.message : 'the reason is not known'
  if (code.startsWith('ERR_OSSL') || (cause instanceof Error && 'path' in cause && cause.path !== undefined)) {
    return `the certificate ${tls?.cert} with the key ${tls?.key} cannot be used: ${message}`
  }
  switch (code) {
    case 'EADDRINUSE':
      return socket === undefined
        ? 'another program already listens there; stop it, or choose another port (0 takes any free one)'
        : 'another program already listens there, or the file is no socket; stop it, or choose another path'
    case 'ENOENT':
      return 'there is no such folder; make it first'
    case 'EACCES':
    case 'EPERM':
      if (socket !== undefined) return 'this user may not make files there; choose another folder'
      return port < 1024
        ? 'this user may not use ports below 1024; choose a higher one'
        : 'the system does not permit it; choose another port'
    case 'EADDRNOTAVAIL':
      return 'this machine has no such address; use 127.0.0.1 for this machine only or 0.0.0.0 for every network'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name ${host} cannot be resolved; use an address such as 127.0.0.1`
    default:
      return code || message
  }
}
