const paths = {
  chat: 'M4 5h16v11H9l-5 4z',
  inspector: 'M4 6h16M4 12h10M4 18h7M18 15v4m0 0 2-2m-2 2-2-2',
  playground: 'm8 7-5 5 5 5m8-10 5 5-5 5M13.500 5l-3 14',
  links: 'M9 15l6-6M10 6l1-1a5 5 0 0 1 7 7l-1 1m-3 5-1 1a5 5 0 0 1-7-7l1-1',
  bot: 'M6 9h12v9H6zM12 9V5m0 0h.01M9.500 13h.01M14.500 13h.01M3 12v3M21 12v3',
  close: 'M6 6l12 12M18 6 6 18',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2m0 16v2M2 12h2m16 0h2M5 5l1.500 1.500m11 11L19 19m0-14-1.500 1.500m-11 11L5 19',
  moon: 'M20 14.500A8.500 8.500 0 0 1 9.500 4 8.500 8.500 0 1 0 20 14.500z',
  screen: 'M3 5h18v11H3zM8 20h8m-4-4v4',
  language: 'M4 6h9M8.500 4v2c0 5-2 8-5 10m2-7c1 3 4 5 7 6M13 20l4-10 4 10m-6.600-3.500h5.200',
  help: 'M9 9a3 3 0 1 1 4.500 2.600c-1 .6-1.500 1.200-1.500 2.400m0 3v.5',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  plus: 'M12 5v14M5 12h14',
  back: 'M15 5l-7 7 7 7',
  send: 'M4 12 20 4l-5 16-3.500-6.500z',
  reply: 'M9 7 4 12l5 5M4 12h10a6 6 0 0 1 6 6',
  image: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9h.01',
  file: 'M6 3h8l5 5v13H6zM14 3v5h5',
  smile: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9 10h.01M15 10h.01M8.500 14a4.500 4.500 0 0 0 7 0',
  dice: 'M5 5h14v14H5zM9 9h.01M15 9h.01M12 12h.01M9 15h.01M15 15h.01',
  poke: 'M9 11V5a1.500 1.500 0 0 1 3 0v5m0-1a1.500 1.500 0 0 1 3 0v1m0 0a1.500 1.500 0 0 1 3 0v4c0 4-2 7-6 7s-5-2-7-6l-1.500-3c-.500-1.500 1.500-2.500 2.500-1l2 2.500',
  code: 'm8 8-4 4 4 4m8-8 4 4-4 4',
  globe: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 3 3 15 0 18-3-3-3-15 0-18',
  bell: 'M6 17V11a6 6 0 0 1 12 0v6l1.500 2h-15zM10 21h4',
  pause: 'M8 5v14M16 5v14',
  play: 'M7 5l12 7-12 7z',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5',
  trash: 'M5 7h14M9 7V4h6v3M7 7l1 14h8l1-14',
  copy: 'M8 8h12v12H8zM16 8V4H4v12h4',
  refresh: 'M20 11a8 8 0 0 0-14-4L4 9m0-5v5h5M4 13a8 8 0 0 0 14 4l2-2m0 5v-5h-5',
  gift: 'M4 9h16v4H4zM5 13h14v8H5zM12 9v12M12 9c-2-5-7-4-5 0m5 0c2-5 7-4 5 0',
  shield: 'M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6z',
  crown: 'M4 8l4 4 4-7 4 7 4-4-2 11H6z',
  mute: 'M4 10v4h4l5 4V6L8 10zM17 10l4 4m0-4-4 4',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 2',
  bolt: 'M13 2 5 14h6l-1 8 8-12h-6z',
  star: 'M12 3l2.700 6 6.300.600-4.800 4.200 1.500 6.200L12 16.700 6.300 20l1.500-6.200L3 9.600 9.300 9z',
  people:
    'M9 5a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7zM3 20c0-4 2.500-6 6-6s6 2 6 6M16 5.500a3.500 3.500 0 0 1 0 6.500M18 14.500c2 .8 3 2.600 3 5.500',
  record: 'M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM6 11a6 6 0 0 0 12 0M12 17v4',
  logout: 'M10 4H5v16h5M15 8l4 4-4 4M19 12H9',
} as const

export type IconName = keyof typeof paths

/** A small drawing in the colour of the text; it says nothing to a reader of the screen. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  )
}
