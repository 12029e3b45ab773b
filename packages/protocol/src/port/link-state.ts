/** How the connection to a bot program stands that we keep up. Times are in milliseconds since 1970. */
export type LinkState =
  | { readonly phase: 'connecting' }
  | { readonly phase: 'open'; readonly since: number }
  /** The program cannot be reached or takes no events; until `nextTryAt` nothing is tried. */
  | { readonly phase: 'waiting'; readonly since: number; readonly lastError: string; readonly nextTryAt: number }
  /** For good: the account or the server is done with it. */
  | { readonly phase: 'ended' }
