import { distance } from 'fastest-levenshtein'

/** Letters that two names may differ in and still be taken for one another. */
const nearest = (name: string): number => (name.length < 5 ? 1 : name.length < 9 ? 2 : 3)

/** The one of the names that was probably meant. */
export function similarName(wanted: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((name) => ({ name, away: lettersApart(normalName(wanted), normalName(name)) }))
    .filter(({ name, away }) => away <= Math.min(nearest(wanted), nearest(name)))
    .toSorted((one, other) => one.away - other.away)
  return ranked[0]?.name
}

/** Letters that stand in another order are one mistake. */
function lettersApart(one: string, other: string): number {
  const sorted = (text: string) => text.split('').toSorted().join('')
  const isSwapped = one !== other && sorted(one) === sorted(other)
  return isSwapped ? 1 : distance(one, other)
}

/** `logLevel` and `log-level` are `log_level`. */
export function normalName(name: string): string {
  return name.replaceAll(/[-_ ]/g, '').toLowerCase()
}
