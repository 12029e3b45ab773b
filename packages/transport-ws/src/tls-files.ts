import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { TlsOptions } from './options.ts'

/** What a connection over TLS shows, and whom it believes; ws takes it as it is. */
export interface TlsSettings {
  readonly ca?: Buffer
  readonly cert?: Buffer
  readonly key?: Buffer
  readonly rejectUnauthorized: boolean
}

/**
 * Reads the files that the options name, once.
 * @throws Error that names the option whose file cannot be read or is no such thing
 */
export function readTlsFiles({ ca, cert, key, reject_unauthorized }: TlsOptions): TlsSettings {
  const files = {
    ...(ca !== undefined && { ca: readPem('tls.ca', ca) }),
    ...(cert !== undefined && { cert: readPem('tls.cert', cert) }),
    ...(key !== undefined && { key: readPem('tls.key', key) }),
  }
  try {
    createSecureContext(files)
  } catch (error) {
    throw new Error(`the files of tls cannot be used together: ${messageOf(error)}`, { cause: error })
  }
  return { ...files, rejectUnauthorized: reject_unauthorized }
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
