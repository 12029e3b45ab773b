import type { Profile } from '../profile.ts'
import { fileSegment, goneFromQq, unsentOnNtqq } from './rows.ts'

const { xml: _xml, location: _location, ...unsent } = unsentOnNtqq

/**
 * Lagrange.OneBot.
 * @see https://github.com/LagrangeDev/Lagrange.Core
 */
export const lagrange: Profile = {
  name: 'lagrange',
  appName: /^lagrange/i,
  actions: goneFromQq,
  events: {},
  incoming: { file: fileSegment },
  outgoing: unsent,
}
