import type { User } from './world.ts'

/** The people that one can choose from in a list. */
export function PersonOptions({ people }: { people: readonly Pick<User, 'user_id' | 'nickname'>[] }) {
  return people.map(({ user_id, nickname }) => (
    <option key={user_id} value={user_id}>
      {nickname} {user_id}
    </option>
  ))
}
