import type { Client } from './document.ts'
import type { Network } from './network.ts'
import { missing } from './rule.ts'

/** Brings another device of the bot's account online. One that is online already is only told once. */
export async function connectClient(network: Network, client: Omit<Client, 'kind'>): Promise<void> {
  const { world } = network
  const known = world.find('client', client.app_id)
  if (known?.device_name === client.device_name && known.device_kind === client.device_kind) return
  world.put({ kind: 'client', ...client })
  await network.tell({ post_type: 'notice', notice_type: 'client_status', online: true, client })
}

/** Takes a device of the bot's account offline. */
export async function disconnectClient(network: Network, id: number): Promise<void> {
  const known = network.world.find('client', id)
  if (!known) return missing('CLIENT_NOT_FOUND', `the account is online on no device with the app_id ${id}`)
  network.world.remove(known)
  const { kind: _, ...client } = known
  await network.tell({ post_type: 'notice', notice_type: 'client_status', online: false, client })
}
