import type { Profile } from '../profile.ts'

/** An implementation of which nothing is known: it is taken for one that does what the documents say. */
export const generic: Profile = {
  name: 'generic',
  appName: /^/,
  actions: {},
  events: {},
  incoming: {},
  outgoing: {},
}
