import { resolve } from './schema.ts'
import type { JsonSchema, Schemas } from './schema.ts'

/** What is read of an OpenAPI document of the server. */
export interface OpenApi {
  readonly tags: readonly { readonly name: string; readonly description?: string }[]
  readonly security?: readonly object[]
  readonly paths: Readonly<Record<string, { readonly post?: Operation; readonly get?: Operation }>>
  readonly components: { readonly schemas: Schemas }
}

interface Operation {
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly requestBody?: { readonly content: Readonly<Record<string, MediaType>> }
  readonly 'x-also-called'?: readonly string[]
  readonly 'x-unsafe'?: boolean
  readonly 'x-supported'?: boolean
}

interface MediaType {
  readonly schema?: JsonSchema
  readonly examples?: Readonly<Record<string, { readonly value?: unknown }>>
}

/** Something that can be called: an action, or a verb that plays the other side. */
export interface Callable {
  /** The path without its first slash, such as `send_msg` or `sandbox/say`. */
  readonly name: string
  readonly chapter: string
  readonly summary: string
  readonly description: string
  readonly alsoCalled: readonly string[]
  /** Whether it takes something away from people. */
  readonly isUnsafe: boolean
  /** Whether the backend can do it. */
  readonly isSupported: boolean
  readonly params: JsonSchema
  /** Params that would do, as an object. */
  readonly example: Readonly<Record<string, unknown>>
}

/** Everything that the document lets one call, by chapter in the order of the document. */
export function callablesOf({ paths, tags, components }: OpenApi): ReadonlyMap<string, readonly Callable[]> {
  const chapters = new Map<string, Callable[]>(tags.map(({ name }) => [name, []]))
  for (const [path, { post }] of Object.entries(paths)) {
    const chapter = post?.tags?.[0]
    // What the tools of operators are asked has pages of its own.
    if (!post || chapter === undefined || !isCallable(path)) continue
    const body = post.requestBody?.content['application/json']
    const example: unknown = Object.values(body?.examples ?? {})[0]?.value
    const inChapter = chapters.get(chapter) ?? []
    chapters.set(chapter, inChapter)
    inChapter.push({
      name: path.slice(1),
      chapter,
      summary: post.summary ?? '',
      description: post.description ?? '',
      alsoCalled: post['x-also-called'] ?? [],
      isUnsafe: post['x-unsafe'] ?? false,
      isSupported: post['x-supported'] ?? true,
      params: resolve(body?.schema ?? {}, components.schemas).schema,
      example: typeof example === 'object' && example !== null ? { ...example } : {},
    })
  }
  return new Map([...chapters].filter(([, inChapter]) => inChapter.length > 0))
}

/** Actions are at the root, verbs below `/sandbox/`. */
function isCallable(path: string): boolean {
  return /^\/(?:sandbox\/)?[^/{}]+$/.test(path) && !path.startsWith('/_events')
}

/** Callables whose name, other names or summary hold all the words. */
export function searchCallables(callables: readonly Callable[], text: string): readonly Callable[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return callables.filter(({ name, alsoCalled, summary }) => {
    const where = [name, ...alsoCalled, summary].join(' ').toLowerCase()
    return words.every((word) => where.includes(word) || where.replaceAll('_', '').includes(word))
  })
}

/** What is read of an AsyncAPI document of the server. */
export interface AsyncApi {
  readonly components: {
    readonly messages: Readonly<Record<string, { readonly examples?: readonly { readonly payload?: unknown }[] }>>
  }
}

/** One kind of event, and what it looks like. */
export interface EventShape {
  readonly name: string
  readonly example: Readonly<Record<string, unknown>>
}

/** The kinds of events that there are. */
export function eventShapesOf({ components }: AsyncApi): readonly EventShape[] {
  return Object.entries(components.messages).flatMap(([name, { examples = [] }]) => {
    const example = examples[0]?.payload
    const isEvent = typeof example === 'object' && example !== null && 'post_type' in example
    return isEvent ? [{ name, example: { ...example } }] : []
  })
}
