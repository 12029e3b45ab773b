// Bots that dial us
export { createForwardServer } from './forward-server.ts'
export type { ForwardServer, ForwardServerSetup } from './forward-server.ts'

// Bots that we dial
export { createReverseClient } from './reverse-client.ts'
export type { ReverseClient, ReverseClientSetup } from './reverse-client.ts'

// Options, and the files that they name
export { readTlsFiles } from './tls-files.ts'
export { forwardServerOptions, reverseClientOptions } from './options.ts'
export type { ForwardServerOptions, ReverseClientOptions } from './options.ts'
