import { readFileSync } from 'node:fs'

/**
 * A page with what a README has between `<!-- name -->` and `<!-- /name -->`: such parts are written from the schemas, and
 * kept true by the tests of their packages.
 */
export function readmePage({
  title,
  about,
  readme,
  part,
}: {
  readonly title: string
  readonly about: string
  readonly readme: URL
  readonly part: string
}): string {
  const [, inside] = readFileSync(readme, 'utf8').split(new RegExp(`<!-- /?${part} -->`))
  if (inside === undefined) throw new Error(`${readme.pathname} has no part ${part}`)
  return `# ${title}\n\n${about}\n\n${inside.replaceAll('<!-- prettier-ignore -->\n', '').trim()}\n`
}
