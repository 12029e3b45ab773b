/** The server could not take its port; the message says which, why, and what to do. */
export class ListenFailed extends Error {
  override readonly name = 'ListenFailed'

  constructor(host: string, port: number, cause: unknown) {
    super(`cannot listen on ${host} port ${port}: ${explain(host, port, cause)}`, { cause })
  }
}

function explain(host: string, port: number, cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  switch (code) {
    case 'EADDRINUSE':
      return 'another program already listens there; stop it, or choose another port (0 takes any free one)'
    case 'EACCES':
    case 'EPERM':
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
