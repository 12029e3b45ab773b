import { createRequire } from 'node:module'

// By its name, since the program is at one depth as sources and at another as it is shipped.
const manifest = createRequire(import.meta.url)('seekyou/package.json') as { readonly version: string }

/** The version of this program. */
export const { version } = manifest
