import { FilterSyntaxError } from '@seekyou/event-filter'
import type { EventFilter } from '@seekyou/event-filter'
import { ActionFailure } from '@seekyou/protocol'

/** Where the event filter of a link comes from. */
export interface FilterSource {
  /** The file as the configuration names it, or what else it is, for sentences about it. */
  readonly name: string
  /** Compiles the rules as they are now. @throws FilterSyntaxError, or Error with a sentence for the operator. */
  compile(): EventFilter
}

/** A link's filter and the place it can be read from again. */
interface FilteredLink {
  filter: EventFilter | undefined
}

/** The event filters of an account's links, so that all of them can be read again. */
export class FilterBook {
  readonly #sources = new Map<FilteredLink, FilterSource>()

  /** Gives a link its filter, another than before or none. @throws FilterSyntaxError, or what reading throws. */
  set(link: FilteredLink, source: FilterSource | undefined): void {
    link.filter = source?.compile()
    if (source) this.#sources.set(link, source)
    else this.#sources.delete(link)
  }

  /** Forgets a link that is gone. */
  drop(link: FilteredLink): void {
    this.#sources.delete(link)
  }

  /**
   * Reads the filters again, all or those of one file; none is replaced unless all are good.
   * @throws ActionFailure with the first thing that is wrong.
   */
  reload(file: string | undefined): void {
    const entries = [...this.#sources].filter(([, source]) => file === undefined || source.name === file)
    if (file !== undefined && entries.length === 0) {
      throw new ActionFailure('file', `no link has its event filter from ${JSON.stringify(file.slice(0, 80))}`, {
        code: 'FILE_NOT_FOUND',
      })
    }
    const compiled = entries.map(([link, source]) => ({ link, filter: recompile(source) }))
    for (const { link, filter } of compiled) link.filter = filter
  }
}

function recompile(source: FilterSource): EventFilter {
  try {
    return source.compile()
  } catch (error) {
    const problem = error instanceof FilterSyntaxError ? `${source.name}: ${error.message}` : (error as Error).message
    throw new ActionFailure('file', `the event filters stay as they were; ${problem}`, {
      code: 'BAD_FILTER',
      cause: error,
    })
  }
}
