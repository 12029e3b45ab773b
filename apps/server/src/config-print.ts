import { Document, isScalar, YAMLMap, YAMLSeq } from 'yaml'
import type { Node, Scalar } from 'yaml'
import { pathText } from './schema-path.ts'
import type { Path } from './schema-path.ts'
import { isSecretKey, withoutUrlSecrets } from './secret-names.ts'

/** A configuration without what nobody should read over a shoulder. */
export function maskSecrets(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => maskSecrets(item, key))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, maskSecrets(inner, name)]))
  }
  if (typeof value !== 'string' || value === '') return value
  return isSecretKey(key) ? '…' : withoutUrlSecrets(value)
}

/** Where each value comes from that is not a default, by its path. */
export function originsOf(
  config: object,
  origin: (path: Path) => string | undefined,
): Readonly<Record<string, string>> {
  const found: [string, string][] = []
  const look = (value: unknown, path: Path): void => {
    const isBlock = typeof value === 'object' && value !== null
    if (isBlock) for (const [key, inner] of entriesOf(value)) look(inner, [...path, key])
    if (isBlock && !isListOfTexts(value)) return
    const where = origin(path)
    if (where !== undefined) found.push([pathText(path), where])
  }
  look(config, [])
  return Object.fromEntries(found)
}

function entriesOf(value: object): readonly (readonly [PropertyKey, unknown])[] {
  return Array.isArray(value) ? [...value.entries()] : Object.entries(value)
}

function isListOfTexts(value: object): boolean {
  return Array.isArray(value) && value.every((item) => typeof item !== 'object')
}

/** What `${` is written with where it is meant as it stands, until the text is whole. */
const dollar = '\uE000'

/** YAML, with a remark behind each value, and above each item of a list, where there is one for its path. */
export function writeYaml(
  data: object,
  remarks: (path: Path) => string | undefined,
  template?: (path: Path, value: unknown) => string | undefined,
): string {
  const document = new Document()
  const nodeOf = (value: unknown, path: Path): Node => {
    const remark = remarks(path)
    if (Array.isArray(value) && !isListOfTexts(value)) {
      const list = new YAMLSeq<Node>()
      for (const [index, item] of value.entries()) list.add(nodeOf(item, [...path, index]))
      return list
    }
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const block = new YAMLMap<Node, Node>()
      for (const [key, inner] of Object.entries(value)) {
        if (inner !== undefined) block.add({ key: document.createNode(key), value: nodeOf(inner, [...path, key]) })
      }
      if (remark !== undefined && typeof path.at(-1) === 'number') block.commentBefore = ` ${remark}`
      return block
    }
    const node = textNode(document, template?.(path, value)) ?? document.createNode(literal(value), { flow: true })
    if (isScalar(node) && String(node.value).includes(dollar)) node.type = 'QUOTE_DOUBLE'
    if (remark !== undefined) node.comment = ` ${remark}`
    return node
  }
  document.contents = nodeOf(data, []) as typeof document.contents
  return document.toString({ lineWidth: 0, flowCollectionPadding: false }).replaceAll(dollar, String.raw`\x24`)
}

/** In quotes, so that whatever the environment has is one text. */
function textNode(document: Document, template: string | undefined): Scalar | undefined {
  if (template === undefined) return undefined
  const node = document.createNode(template) as Scalar
  node.type = 'QUOTE_DOUBLE'
  return node
}

/** A text that no environment is filled into. */
function literal(value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll(/\$(?=\{)/g, dollar) : value
}
