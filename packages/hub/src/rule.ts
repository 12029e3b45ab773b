import { catalogue } from '@seekyou/actions'
import type { ActionName } from '@seekyou/actions'
import { permissions, presets } from './permissions.ts'
import type { ActionClass } from './permissions.ts'

/** The actions that one entry of `allow` or `deny` means, by the names of the catalogue. */
export interface RuledActions {
  readonly names: ReadonlySet<ActionName>
  /** Whether it named one action and not many: only so is what cannot be taken back allowed. */
  readonly isExact: boolean
}

/** Reads an action, a family such as `get_*`, or a preset; `undefined` for what means none of them. */
export function actionsOf(text: string): RuledActions | undefined {
  if (Object.hasOwn(presets, text)) {
    const classes: readonly ActionClass[] = presets[text as keyof typeof presets]
    return { names: new Set(actionNames.filter((name) => classes.includes(permissions[name].class))), isExact: false }
  }
  if (!text.includes('*')) {
    // With a suffix it is the same action done later, so a rule about that alone would be none.
    const name = actionNames.find((candidate) => namesOf(candidate).includes(text))
    return name && { names: new Set([name]), isExact: true }
  }
  if (!/^[\w.]*(?:\*[\w.]*){1,3}$/.test(text)) return undefined
  const family = new RegExp(`^${text.replaceAll('.', '\\.').replaceAll('*', '.*')}$`)
  const names = actionNames.filter((name) => namesOf(name).some((called) => family.test(called)))
  return names.length > 0 ? { names: new Set(names), isExact: false } : undefined
}

const actionNames = Object.keys(catalogue) as readonly ActionName[]

function namesOf(name: ActionName): readonly string[] {
  const { alsoCalled = [] } = catalogue[name] as { readonly alsoCalled?: readonly string[] }
  return [name, ...alsoCalled]
}
