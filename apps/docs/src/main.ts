/** Before `pnpm build` and `pnpm dev`: writes the references into the folder that the site is built from. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { actionsPage } from './actions-page.ts'
import { eventsPage } from './events-page.ts'
import { readmePage } from './readme-page.ts'

const root = new URL('../../../', import.meta.url)
const pages: Readonly<Record<string, string>> = {
  actions: actionsPage(),
  events: eventsPage(),
  segments: readmePage({
    title: 'Segments',
    about: 'What a message is made of: each type of segment, with its data. In text, a segment is a CQ code.',
    readme: new URL('packages/message/README.md', root),
    part: 'segments',
  }),
  dialects: readmePage({
    title: 'Dialects',
    about: `The protocol has generations that disagree. A link speaks the one that its client expects, which \`dialect\` says;
\`default\` is the one that the clients of every generation can live with.`,
    readme: new URL('packages/protocol/README.md', root),
    part: 'dialects',
  }),
  configuration: readmePage({
    title: 'Configuration',
    about: `SeekYou needs no configuration. A \`seekyou.yml\` in the folder where it is started, or one named with \`--config\`,
changes what it does. \`listen\` is who connects to us, \`connect\` is whom we connect to; both belong to a bot, and
\`defaults\` is what every link gets unless it says otherwise. \`\${NAME}\` and \`\${NAME:default}\` are filled in from the
environment.`,
    readme: new URL('apps/server/README.md', root),
    part: 'options',
  }),
}

const folder = new URL('../reference/', import.meta.url)
mkdirSync(folder, { recursive: true })
for (const [name, page] of Object.entries(pages)) writeFileSync(new URL(`${name}.md`, folder), page)
