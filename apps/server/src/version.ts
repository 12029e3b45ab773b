import { readFileSync } from 'node:fs'

// By its name, since the program is at one depth as sources and at another as it is shipped.
const manifest = new URL(import.meta.resolve('seekyou/package.json'))

/** The version of this program. */
export const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }
