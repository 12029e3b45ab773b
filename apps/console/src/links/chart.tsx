import { useState } from 'react'
import type { PointerEvent } from 'react'
import { linePath, shortNumber, topOf } from './chart-path.ts'

const WIDTH = 240
const HEIGHT = 56

/** One of the lines of a chart. */
export interface Series {
  readonly name: string
  readonly values: readonly (number | undefined)[]
  readonly look: 'main' | 'second'
}

/** A small chart of how something went, the newest at the right. */
export function Chart({
  title,
  unit,
  series,
  times,
  places,
}: {
  title: string
  unit: string
  series: readonly Series[]
  /** When each value was read, in milliseconds since 1970. */
  times: readonly number[]
  /** How many values the width stands for. */
  places: number
}) {
  const [at, setAt] = useState<number>()
  const most = topOf(series.flatMap(({ values }) => values))
  const shown = at !== undefined && at < times.length ? at : times.length - 1
  const isPast = at !== undefined && at < times.length
  const readout = series
    .map(({ name, values }) => `${series.length > 1 ? `${name} ` : ''}${textOf(values[shown], unit)}`)
    .join(' · ')
  const point = ({ currentTarget, clientX }: PointerEvent<SVGSVGElement>): void => {
    const { left, width } = currentTarget.getBoundingClientRect()
    const place = Math.round(((clientX - left) / width) * (places - 1)) - (places - times.length)
    setAt(place >= 0 && place < times.length ? place : undefined)
  }
  return (
    <figure className="chart">
      <figcaption>
        <span className="hint">{title}</span>
        <strong>{readout}</strong>
      </figcaption>
      <svg
        viewBox={`0 -2 ${WIDTH} ${HEIGHT + 4}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}: ${readout}`}
        onPointerMove={point}
        onPointerLeave={() => setAt(undefined)}
      >
        <path className="chart-base" d={`M0 ${HEIGHT}H${WIDTH}M0 0H${WIDTH}`} />
        {series.map(({ name, values, look }) => (
          <path
            key={name}
            className={`chart-line ${look}`}
            d={linePath(values, { width: WIDTH, height: HEIGHT, most, places })}
          />
        ))}
        {isPast && <path className="chart-mark" d={markPath(shown + places - times.length, places)} />}
      </svg>
      <div className="chart-scale hint">
        <span>{isPast ? new Date(times[shown]!).toLocaleTimeString() : ''}</span>
        <span>{`${shortNumber(most)} ${unit}`}</span>
      </div>
    </figure>
  )
}

function markPath(place: number, places: number): string {
  return `M${(place * WIDTH) / (places - 1)} 0V${HEIGHT}`
}

function textOf(value: number | undefined, unit: string): string {
  return value === undefined ? '–' : `${shortNumber(value)} ${unit}`
}
