/** Where calls go, for those who copy one. */
export interface Target {
  /** Without a slash at its end. */
  readonly origin: string
  /** Whether a token must be shown; it is written as a variable of the environment, never itself. */
  readonly needsToken: boolean
}

/** A call of an action, or of a control verb. */
export interface Call {
  /** The path below the origin, without the slash before it: an action, `sandbox/say`. */
  readonly action: string
  readonly params: unknown
}

const TOKEN_VARIABLE = 'SEEKYOU_TOKEN'

/** A command line for a POSIX shell. */
export function writeCurl({ action, params }: Call, { origin, needsToken }: Target): string {
  return [
    `curl -sS ${quote(`${origin}/${pathOf(action)}`)}`,
    `-H 'Content-Type: application/json'`,
    ...(needsToken ? [`-H "Authorization: Bearer $${TOKEN_VARIABLE}"`] : []),
    `--data-raw ${quote(JSON.stringify(params ?? {}))}`,
  ].join(' \\\n  ')
}

/** A program for `@seekyou/client`; a control verb, which the client does not have, is called with fetch. */
export function writeClientCall(call: Call, target: Target, isKnown: boolean): string {
  if (call.action.includes('/')) return writeFetch(call, target)
  const params = JSON.stringify(call.params ?? {}, null, 2)
  const given = params === '{}' && isKnown ? '' : `, ${params}`
  return `import { createClient } from '@seekyou/client'

await using client = createClient({ ${optionsOf(target)} })

const data = await client.${isKnown ? 'call' : 'callAny'}(${JSON.stringify(call.action)}${given})
console.log(data)
`
}

/** A program that answers to events of this name. */
export function writeClientListener(name: string, target: Target): string {
  return `import { createClient } from '@seekyou/client'

const client = createClient({ ${optionsOf({ ...target, origin: target.origin.replace(/^http/, 'ws') })} })

client.on(${JSON.stringify(name)}, (event) => {
  console.log(event)
})
`
}

function writeFetch({ action, params }: Call, { origin, needsToken }: Target): string {
  const authorization = needsToken ? `, authorization: \`Bearer \${process.env['${TOKEN_VARIABLE}']}\`` : ''
  return `const response = await fetch(${JSON.stringify(`${origin}/${pathOf(action)}`)}, {
  method: 'POST',
  headers: { 'content-type': 'application/json'${authorization} },
  body: JSON.stringify(${JSON.stringify(params ?? {}, null, 2).replaceAll('\n', '\n  ')}),
})
console.log(await response.json())
`
}

function optionsOf({ origin, needsToken }: Target): string {
  const url = `url: ${JSON.stringify(`${origin}/`)}`
  return needsToken ? `${url}, accessToken: process.env['${TOKEN_VARIABLE}']` : url
}

function pathOf(action: string): string {
  return action.split('/').map(encodeURIComponent).join('/')
}

/** One word of a POSIX shell, whatever is in it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
