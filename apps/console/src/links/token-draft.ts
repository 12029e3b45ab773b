/** A scoped token as `/inspect/tokens` lists it. */
export interface ListedToken {
  readonly name: string
  readonly bots?: readonly number[]
  readonly preset?: string
  readonly allow?: readonly string[]
  readonly deny?: readonly string[]
  readonly passthrough?: readonly string[]
  readonly groups?: 'all' | readonly number[]
  readonly users?: 'all' | readonly number[]
  readonly events?: readonly string[]
  readonly rate_limit?: { readonly frequency: number; readonly bucket: number }
  readonly expires_at?: string
  readonly from?: readonly string[]
  readonly origin?: string
  readonly can_log_in?: boolean
  readonly expired?: boolean
}

/** What somebody typed of a token that is to be made. */
export interface TokenDraft {
  readonly name: string
  readonly preset: string
  readonly allow: string
  readonly deny: string
  readonly groups: string
  readonly users: string
  readonly bots: string
  readonly events: string
  readonly frequency: string
  /** As `<input type="datetime-local">` says it. */
  readonly expires: string
  readonly from: string
}

export const emptyDraft: TokenDraft = {
  name: '',
  preset: 'chat',
  allow: '',
  deny: '',
  groups: '',
  users: '',
  bots: '',
  events: '',
  frequency: '',
  expires: '',
  from: '',
}

export const presets = ['read-only', 'chat', 'moderator', 'admin'] as const

/** The token as the server takes it; what was left empty is not limited. The server says what is wrong with it. */
export function writeToken(draft: TokenDraft): Readonly<Record<string, unknown>> {
  const { name, preset, frequency, expires } = draft
  const lists = (['allow', 'deny', 'events', 'from'] as const).map((key) => [key, partsOf(draft[key])] as const)
  const ids = (['groups', 'users', 'bots'] as const).map((key) => [key, partsOf(draft[key]).map(idOf)] as const)
  const calls = Number(frequency)
  return {
    name: name.trim(),
    ...(preset !== '' && { preset }),
    ...Object.fromEntries([...lists, ...ids].filter(([, list]) => list.length > 0)),
    ...(frequency.trim() !== '' && { rate_limit: { frequency: calls, bucket: Math.max(1, Math.ceil(calls)) } }),
    ...(expires !== '' && { expires_at: new Date(expires).toISOString() }),
  }
}

function partsOf(text: string): readonly string[] {
  return text.split(/[\s,，、]+/).filter(Boolean)
}

/** What is no number is left to the server to refuse, in its words. */
function idOf(text: string): number | string {
  return /^\d{1,15}$/.test(text) ? Number(text) : text
}

/** What a token may do, in short: its preset and its limits. */
export function limitsOf(token: ListedToken): readonly string[] {
  const {
    bots = [],
    preset,
    allow = [],
    deny = [],
    passthrough = [],
    groups,
    users,
    events,
    rate_limit,
    from = [],
  } = token
  const ids = (key: string, list: ListedToken['groups']): string =>
    list === undefined ? '' : `${key}: ${list === 'all' ? 'all' : list.join(', ')}`
  return [
    bots.length > 0 ? `bots: ${bots.join(', ')}` : '',
    preset ?? '',
    allow.length > 0 ? `+ ${allow.join(', ')}` : '',
    passthrough.length > 0 ? `+ ${passthrough.join(', ')}` : '',
    deny.length > 0 ? `− ${deny.join(', ')}` : '',
    ids('groups', groups),
    ids('users', users),
    events ? `events: ${events.join(', ')}` : '',
    rate_limit && rate_limit.frequency > 0 ? `${rate_limit.frequency}/s` : '',
    from.length > 0 ? `from: ${from.join(', ')}` : '',
  ].filter((part) => part !== '')
}
