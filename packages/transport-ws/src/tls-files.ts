import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { ReverseClientOptions } from './options.ts'

/** What a connection over TLS shows, and whom it believes; ws takes it as it is. */
export interface TlsSettings {
  readonly ca?: Buffer
  readonly cert?: Buffer
  readonly key?: Buffer
  readonly rejectUnauthorized: boolean
}

/**
 * Reads the files that the options name, once.
 * @throws Error that names the option whose file cannot be read or holds no such thing
 */
export function readTlsFiles(options: ReverseClientOptions): TlsSettings {
  const read = <Part extends 'ca' | 'cert' | 'key'>(part: Part): { [Key in Part]?: Buffer } => {
    const path = options[`tls_${part}`]
    return path === undefined ? {} : ({ [part]: readPem(`tls_${part}`, path) } as { [Key in Part]: Buffer })
  }
  const files = { ...read('ca'), ...read('cert'), ...read('key') }
  if ((files.cert === undefined) !== (files.key === undefined)) {
    throw new Error('tls_cert and tls_key belong together: set both or neither')
  }
  try {
    createSecureContext(files)
  } catch (error) {
    throw new Error(`tls_ca, tls_cert and tls_key cannot be used together: ${messageOf(error)}`, { cause: error })
  }
  return { ...files, rejectUnauthorized: options.tls_reject_unauthorized }
}

function readPem(option: string, path: string): Buffer {
  let pem: Buffer
  try {
    pem = readFileSync(path)
  } catch (error) {
    throw new Error(`${option}: ${path} cannot be read: ${messageOf(error)}`, { cause: error })
  }
  // Node takes a file without any certificate for an empty list, and then nobody is believed.
  if (!pem.includes('-----BEGIN ')) throw new Error(`${option}: ${path} is not a PEM file`)
  return pem
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
