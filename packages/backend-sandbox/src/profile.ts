import type { Account } from './document.ts'
import type { Network } from './network.ts'
import { findUser, refuse } from './rule.ts'
import type { World } from './world.ts'

/* What the bot's account shows of itself. */

/** What it says of itself, as text. */
type Sayings = Pick<Account, 'company' | 'email' | 'college' | 'personal_note'>

/** Changes what is given, and leaves the rest as it is. */
export async function setProfile(
  network: Network,
  { nickname, ...sayings }: { readonly [Name in 'nickname' | keyof Sayings]?: string | undefined },
): Promise<void> {
  const { world } = network
  const user = findUser(world, world.bot)
  if (nickname === '') refuse('NICKNAME_EMPTY', 'a nickname has at least one character')
  if (nickname !== undefined) world.put({ ...user, nickname })
  const said = Object.entries(sayings).filter(([, saying]) => saying !== undefined)
  if (said.length > 0) world.put({ ...accountOf(world), ...(Object.fromEntries(said) as Partial<Sayings>) })
  await network.world.saved()
}

/** Changes the signature. */
export async function setSign(network: Network, sign: string): Promise<void> {
  network.world.put({ ...findUser(network.world, network.world.bot), sign })
  await network.world.saved()
}

/** Changes the picture. */
export async function setAvatar(network: Network, file: string): Promise<void> {
  const { world } = network
  const image = await network.picture(file)
  world.put(image)
  world.put({ ...findUser(world, world.bot), avatar: image.name })
  await network.world.saved()
}

/** Chooses what a device is shown as; empty: what it is. */
export async function setModelShow(network: Network, model: string, show: string): Promise<void> {
  const account = accountOf(network.world)
  const { [model]: _, ...others } = account.model_shows
  const model_shows = show === '' ? others : { ...others, [model]: show }
  network.world.put({ ...account, model_shows })
  await network.world.saved()
}

export function accountOf(world: World): Account {
  const blank = { company: '', email: '', college: '', personal_note: '', model_shows: {} }
  return world.find('account') ?? { kind: 'account', ...blank }
}
